"""Batches held in memory, hostile values, and disclosed batches read back row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from conformance.data.batch import Columns, Shape, Type, Unreadable
from conformance.data.mask import DisclosureRequest, MaskedBatch, MaskPlan, compile_plan, mask
from conformance.data.mask.values_as_text import FORMS, value_text
from conformance.data.mask.write.ndjson import lines

KEY, RECIPIENT = b"0123456789abcdef", "BANK-1"
HOSTILE: tuple[Any, ...] = (
    None, "", " ", "\u3000", "\t\n", "\ufeff", "\u200b", "*", "***", "张**", "1****************1",
    "138******78", "13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "0086 13812345678",
    "010-62345678", "0571 8765432", "990101199001010012", "99010119900101001x", "990101 19900101 001X",
    "990101900101001", "９９0101199001010012", "张三", "张", "欧阳", "欧阳娜娜", "欧阳明", "買買提•吐爾遜",
    "阿沛·阿旺晋美", "𠮷田一郎", "𠮷", "张\u0301三", "\u202e张三", "John Smith", "É cole", "E\u0301cole",
    "张👨‍👩‍👧三", "豈", "﨎山", "张三 ", " 张三", "张*三", "广东省深圳市南山区科技园南路1号",
    "广东省深圳市", "广东省", "北京市海淀区马连洼街道289号", "科技园1号", "广东省深圳市\u0000",
    "广西壮族自治区南宁市青秀区", "海南省五指山市某路", "广东省深圳市（南山）", "0", "-0", "499999.99",
    "500000", "500000.00", "-1", "-0.01", "-0.00", "1e9", "NaN", "Infinity", "1.", ".5", "01",
    "999999999999.999", "1000000000000", "999999.9999999999999", "123456789012345678",
    "1234567890123456789", "+5", "1990-03-07", "19900307", "1990-02-29", "1992-02-29", "1990-02-30",
    "1990-04-31", "1990/03/07", "0999-01-01", "0001-01-01", "0000-01-01", "1990-3-7", "199003", "1990-13",
    "202402", "2024-02", "9999-12-31", "１９９０-03-07", "a@b.cn", "zhang.san+tag@例子.中国",
    "duandazhi@126.com", "a@b@c.cn", "@b.cn", "a***@x.cn", "ab*@x.cn", "192.168.1.100", "10.0.*.*",
    "256.1.1.1", "fe80:0:0:0:0:0:0:1", "31.230416", "-0.05", "京A12345", "京AD12345", "粤Z1234港",
    "E12345678", "6222021234567890123", "6222 0212 3456 7890", "电话 138 1234 5678",
    "身份证990101199001010012。", "无", "2023年5月6日罚款100元", "a" * 3000, "9" * 3000, "张三签字",
    "X" * 20, "（１）3812345678", "LEGAL_PERSON", "A", "B", "true", "１", "\x1f", "line\nbreak",
    '"quoted"\\', 5, 0, -7, 10**18, 10**17, 2**63 - 1, True, False, 1.5, ["a"], {"total_assets": True},
    "\ud800", "x\udfff",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """A batch of values in memory."""

    rows: Sequence[Any]
    source: int = 0
    first: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def line(self, row: int) -> int:
        return row + 1

    def lines(self) -> NDArray[np.int64]:
        return np.arange(1, len(self.rows) + 1)

    def raw(self, row: int) -> bytes:
        raise AssertionError(row)  # masking copies nothing

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        found: dict[str, Any] | Unreadable = self.rows[row]
        return found

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        return (self.value(row) for row in rows.tolist())

    def columns(self, shape: Shape) -> Columns:
        dtypes = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
        fitting = [_fits(row, shape) for row in self.rows]
        row_fits = zip(self.rows, fitting, strict=True)
        columns = [row if fits else {} for row, fits in row_fits]
        series_by_name = {n: pl.Series(n, [r.get(n) for r in columns], dtypes[t]) for n, t in shape.items()}
        return Columns(pl.DataFrame(series_by_name), np.array(fitting, np.bool_))


def _fits(row: Any, shape: Shape) -> bool:
    types = {Type.TEXT: str, Type.INTEGER: int, Type.BOOLEAN: bool}
    if not isinstance(row, dict) or not row.keys() <= shape.keys():
        return False
    typed = all(type(value) is types[shape[name]] for name, value in row.items())
    small = all(abs(v) < 2**63 for v in row.values() if type(v) is int)
    return typed and small and not any("\ud800" <= c <= "\udfff" for v in row.values() for c in str(v))


def deviations(
    request: DisclosureRequest, rows: Sequence[Mapping[str, Any]], plan: MaskPlan | None = None
) -> list[Any]:
    """Fields of rows that come out of the columns otherwise than the reference discloses them."""
    plan = plan or compile_plan(request)
    masked = mask(plan, Rows(rows))
    differences = []
    for number, row in enumerate(rows):
        expected = {n: (value_text(d), str(d.form)) for n, d in request.disclose(row).items()}
        actual = disclosed_row(masked, number)
        differences += [
            (n, row.get(n), expected.get(n), actual.get(n))
            for n in expected | actual
            if expected.get(n) != actual.get(n)
        ]
    return differences


def disclosed_row(masked: MaskedBatch, row: int) -> dict[str, tuple[str | None, str]]:
    """A disclosed row: text and form by field."""
    if row in masked.single:
        return {n: (value_text(d), str(d.form)) for n, d in masked.single[row].items()}
    cells = {n: (c.values[row], c.forms[row]) for n, c in masked.columns.items()}
    assert all(value is None for value, form in cells.values() if form is None), "absent stays absent"
    return {n: (value, str(FORMS[form])) for n, (value, form) in cells.items() if form is not None}


def wired(plan: MaskPlan, rows: Sequence[Any]) -> list[str]:
    return lines(plan, mask(plan, Rows(rows)))
