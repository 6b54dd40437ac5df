"""The gap sheets: what is there is told rightly, and the files open as what they are."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conformance.gap import (
    CatalogError,
    Facts,
    GapFileError,
    ItemState,
    Served,
    compare,
    read_catalog,
    write_gap,
)
from conformance.gap import tables as make
from conformance.gap.files import comma_separated
from conformance.gap.tables import CHOICES, SheetColumn, Table
from conformance.gap.workbook import workbook
from conformance.loader import load_standard
from conformance.messages import load_messages
from conformance.model.standard import Standard
from conformance.model.text import Lang, Message, Text
from conformance.model.wire import ClientToken, Reply, Request

HOSTILE = "=cmd|' /C calc'!A0"
WHO = ClientToken("fcsp-provider", "provider")
FACTS = Facts(date(2026, 11, 1), {}, {"F01": Text("企业登记注册信息", "Enterprise registration")})


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


def entry(standard: Standard, code: str, **members: Any) -> dict[str, Any]:
    """What a platform that has the item says of it."""
    item = standard.checklist.item(code)
    return {
        "item_code": code,
        "title": {"zh": item.title.zh, "en": item.title.en},
        "version": item.version,
        "schema_digest": item.digest,
        "channel": ["local"],
        "freshness": {"records": 7, "last_collected_at": "2026-10-01T08:00:00+08:00"},
        **members,
    }


def answering(*pages: Any, status: int = 200) -> Callable[[Request], Reply]:
    """A platform that gives these pages one after the other."""
    left: Iterator[Any] = iter(pages)

    def send(_: Request) -> Reply:
        page = next(left)
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        return Reply(status, (("content-type", "application/json"),), body, 0.0)

    return send


def page(*items: Any, cursor: Any = None) -> dict[str, Any]:
    return {"checklist_version": "2026.1", "items": list(items), "next_cursor": cursor}


def served(standard: Standard) -> Served:
    """F01-01 as it should be, F01-02 in another version, F01-03 redefined, one beyond, and junk."""
    return read_catalog(
        answering(
            page(
                entry(standard, "F01-01"),
                entry(standard, "F01-02", version="0.9"),
                {"item_code": ["F01-04"]},
                "junk",
                cursor="next",
            ),
            page(
                entry(standard, "F01-03", schema_digest="0" * 64),
                entry(standard, "F01-01", version="9.9"),
                {"item_code": HOSTILE, "freshness": {"records": True}, "title": [], "version": 7},
            ),
        ),
        WHO,
    )


def test_each_item_has_the_state_that_the_catalog_gives_it(standard: Standard) -> None:
    compared = compare(standard.checklist, served(standard))
    states = {line.item.code: line.state for line in compared.lines}
    assert states["F01-01"] is ItemState.PRESENT
    assert states["F01-02"] is states["F01-03"] is ItemState.OTHER_VERSION
    assert {state for code, state in states.items() if code > "F01-03"} == {ItemState.MISSING}
    assert compared.counts == {
        ItemState.PRESENT: 1,
        ItemState.OTHER_VERSION: 2,
        ItemState.MISSING: len(states) - 3,
    }
    assert [e.code for e in compared.extra_entries] == [HOSTILE]
    assert compared.extra_entries[0].records is None
    assert compared.catalog
    assert compared.catalog.junk == 3


def test_without_a_platform_everything_is_to_be_found_out(standard: Standard) -> None:
    compared = compare(standard.checklist, None)
    assert compared.counts == {ItemState.UNKNOWN: len(standard.checklist.items)}


@pytest.mark.parametrize(
    ("send", "key"),
    [
        (answering({}, status=403), "gap.catalog_status"),
        (answering(b"<html>"), "gap.catalog_shape"),
        (answering(b"[" * 100_000), "gap.catalog_shape"),
        (answering([]), "gap.catalog_shape"),
        (answering({"items": {}}), "gap.catalog_shape"),
        (answering(page(cursor="a"), page(cursor="a")), "gap.catalog_pages"),
        (answering(page(cursor=7)), "gap.catalog_pages"),
        (answering(*(page(cursor=str(n)) for n in range(200))), "gap.catalog_pages"),
    ],
)
def test_what_is_no_catalog_is_said(send: Callable[[Request], Reply], key: str) -> None:
    with pytest.raises(CatalogError) as caught:
        read_catalog(send, WHO)
    assert caught.value.message.key == key


def sheets(standard: Standard, lang: Lang, found: Served | None = None) -> tuple[Table, ...]:
    def say(message: Message) -> str:
        return load_messages().render(message, lang)

    return make(compare(standard.checklist, found), standard, FACTS, say)


@pytest.mark.parametrize("lang", list(Lang))
def test_every_word_of_the_sheets_is_known(standard: Standard, lang: Lang) -> None:
    """What has no text is shown by its key."""
    for table in sheets(standard, lang, served(standard)):
        cells = [cell for row in table.rows for cell in row] + [c.header for c in table.columns]
        assert [cell for cell in cells if isinstance(cell, str) and cell.startswith("gap.")] == []
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_workbook_reads_back(standard: Standard, tmp_path: Path) -> None:
    """Another library finds all rows, frozen headers, filters, and the lists to choose from."""
    paths = write_gap(sheets(standard, Lang.ZH, served(standard)), tmp_path / "gap.xlsx")
    book = openpyxl.load_workbook(paths[0])
    assert book.sheetnames == ["说明", "信息项", "字段"]
    items, fields = book["信息项"], book["字段"]
    count = sum(len(item.fields) for item in standard.checklist.items)
    assert items.max_row == len(standard.checklist.items) + 2
    assert fields.max_row == count + 1
    for sheet in (items, fields):
        assert sheet.freeze_panes == "E2"
        assert sheet.auto_filter.ref == sheet.dimensions
        kinds = {v.type for v in sheet.data_validations.dataValidation}
        assert kinds == {"list", "date"}
    header = [cell.value for cell in items[1]]
    first = dict(zip(header, (cell.value for cell in items[2]), strict=True))
    assert first["信息项编码"] == "F01-01"
    assert first["现状"] == "已具备"
    assert first["平台记录数"] == 7
    assert first["责任单位（填写）"] is None
    standing = standard.checklist.status.zh
    assert standing in [row[1].value for row in book["说明"].iter_rows()]


def test_nothing_of_a_platform_becomes_a_formula(standard: Standard, tmp_path: Path) -> None:
    tables = sheets(standard, Lang.EN, served(standard))
    folder = tmp_path / "gap"
    assert [path.name for path in write_gap(tables, folder)] == ["gap.xlsx", "items.csv", "fields.csv"]
    book = openpyxl.load_workbook(folder / "gap.xlsx")
    assert {cell.data_type for row in book["Items"].iter_rows() for cell in row} <= {"s", "n"}
    raw = (folder / "items.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[-1][2] == f"'{HOSTILE}"
    assert len(rows) == len(standard.checklist.items) + 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_would_compute_is_shown(start: str) -> None:
    table = Table("t", "t", (SheetColumn("a", "a", 5), SheetColumn("b", "b", 5)), ((f"{start}1", 3),))
    raw = comma_separated(table).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline="")))
    assert rows[1] == [f"'{start}1", "3"]
    book = openpyxl.load_workbook(io.BytesIO(workbook([table])))
    assert book["t"]["A2"].data_type == "s"


def test_what_may_be_chosen_fits_into_a_workbook(standard: Standard) -> None:
    """A list of choices is at most 255 characters long."""
    choices = [c.choices for lang in Lang for t in sheets(standard, lang) for c in t.columns if c.choices]
    assert len(choices) == len(Lang) * len(CHOICES)
    assert all(len(",".join(each)) <= 255 for each in choices)


def test_a_sheet_that_exists_is_not_replaced_unasked(standard: Standard, tmp_path: Path) -> None:
    tables = sheets(standard, Lang.EN)
    target = tmp_path / "gap.csv"
    target.write_text("filled in")
    with pytest.raises(GapFileError) as caught:
        write_gap(tables, target)
    assert caught.value.message.key == "gap.output_exists"
    assert target.read_text() == "filled in"
    write_gap(tables, target, force=True)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(GapFileError) as caught:
        write_gap(tables, tmp_path / "gap.xls")
    assert caught.value.message.key == "gap.output_kind"
