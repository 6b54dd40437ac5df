"""`python -m benchmarks.bulk_mask`: masking Parquet to Parquet beside DuckDB, one core, all rows compared."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bulk_mask_peer import duckdb_masking
from benchmarks.measure import Comparison, compare

FIELDS = {
    "name": ("person_name", "S3"),
    "resident_id": ("resident_id", "S3"),
    "phone": ("phone", "S3"),
    "address": ("address", "S3"),
    "amount": ("amount", "S2"),
}
"""Five fields that the audience `hub` gets masked: by name, both ends, both ends, place, interval."""
PLAIN, WIDE = ("record_no",), tuple(f"other_{n}" for n in range(10))
BAD = 0.01
"""Part of the values that are invalid, blank or written in another way."""
ROWS_AT_ONCE = 131_072


def main() -> None:
    os.environ["POLARS_MAX_THREADS"] = "1"  # before it is imported
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_mask", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    comparisons = []
    with TemporaryDirectory() as folder:
        for title, plain_fields in (
            ("five masked fields and a key", PLAIN),
            ("the same and ten raw fields", PLAIN + WIDE),
        ):
            comparisons.append(_one(title, Path(folder), options.rows, plain_fields))
    for comparison in comparisons:
        print(_shown(comparison, options.rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(c) for c in comparisons], indent=2) + "\n", "utf-8")


def _shown(c: Comparison, rows: int) -> str:
    ours, peer = (f"{5 / s.middle:.2f}" for s in (c.our_microseconds, c.peer_microseconds))
    ratio = " / ".join(f"{n:.2f}" for n in asdict(c.ratio).values())
    return f"{c.job}: {ours} million values/s, {c.peer} {peer}, ratio {ratio} ({rows:,} rows, CPU time)"


def _one(title: str, folder: Path, rows: int, plain_fields: tuple[str, ...]) -> Comparison:
    source, ours, peer = (folder / f"{name}.parquet" for name in ("in", "ours", "peer"))
    _write(source, rows, plain_fields)
    terms = _terms(plain_fields)
    we_do, they_do = (
        _masking(terms, source, ours),
        duckdb_masking(terms, source, peer, plain_fields, ROWS_AT_ONCE),
    )
    we_do()
    they_do()
    _sure(terms, source, ours, peer, rows)
    return compare(title, "fcsp data mask", "DuckDB", rows, we_do, they_do)


def _masking(terms: Any, source: Path, output: Path) -> Callable[[], object]:
    """File to file, compilation of the plan included."""
    from conformance.data.files import discover, layout
    from conformance.data.files.settings import silent
    from conformance.data.mask import compile_plan, disclose_file, open_source

    def run() -> None:
        plan = compile_plan(terms)
        file, columns = discover([source]).files[0], layout(terms.item, terms.standard.checklist)
        disclose_file(plan, open_source(file, plan, columns, silent), output)

    return run


def _terms(plain_fields: tuple[str, ...]) -> Any:
    """An item of which nothing exists but data."""
    from conformance.data.mask import DisclosureRequest
    from conformance.loader import load_standard
    from conformance.model.shapes import Field
    from conformance.model.text import Text

    standard = load_standard(None)
    types = {**FIELDS, **dict.fromkeys(plain_fields, ("plain", "S0"))}
    fields = tuple(
        Field(name, Text(name, name), name, False, level, (), type_, None, None, None, {"type": "string"})
        for name, (type_, level) in types.items()
    )
    item = replace(standard.checklist.item("F02-01"), fields=fields, disclosure="public")
    return DisclosureRequest(standard, item, "hub", subject_type="enterprise")


def _write(path: Path, rows: int, plain_fields: tuple[str, ...]) -> None:
    import polars as pl

    random = Random(0)
    parts = [
        pl.DataFrame(list(_rows(random, min(50_000, rows - at), plain_fields)))
        for at in range(0, rows, 50_000)
    ]
    pl.concat(parts).write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROWS_AT_ONCE)


def _rows(random: Random, count: int, plain_fields: tuple[str, ...]) -> Iterator[dict[str, str | None]]:
    places = (
        "广东省深圳市",
        "浙江省杭州市",
        "四川省成都市",
        "北京市海淀区",
        "新疆维吾尔自治区伊犁哈萨克自治州",
    )
    given_names = "明娜一二建国伟芳强军磊洋勇艳杰涛超"
    for number in range(count):
        day = f"{random.randrange(1950, 2005)}{random.randrange(1, 13):02}{random.randrange(1, 29):02}"
        row: dict[str, str | None] = {
            "name": random.choice(("王", "李", "张", "欧阳"))
            + "".join(random.choices(given_names, k=random.choice((1, 2)))),
            "resident_id": f"990101{day}{random.randrange(1000, 9999)}",
            "phone": f"1{random.randrange(3 * 10**9, 10**10)}",
            "address": f"{random.choice(places)}某某街道{random.randrange(1, 9999)}号",
            "amount": f"{random.randrange(10**8)}.{random.randrange(100):02}",
            **{name: f"NO{random.randrange(10**9)}" for name in plain_fields},
        }
        if random.random() < BAD * len(FIELDS):
            row[random.choice(list(FIELDS))] = random.choice(
                (None, "", "　", "无", "ＡＢ", f"{number} ", "\u202e张")
            )
        yield row


def _sure(terms: Any, source: Path, ours: Path, peer: Path, rows: int) -> None:
    """Every row of ours is what the reference discloses; SQL has no normal forms and may differ."""
    import polars as pl

    rows_in, rows_out, theirs = (pl.read_parquet(path) for path in (source, ours, peer))
    if rows_out.height != rows:
        raise RuntimeError("rows are missing")
    differing = (theirs != rows_out.select(theirs.columns).cast(pl.String)).sum().row(0)
    print("rows in which the peer differs, by column:", max(differing), file=sys.stderr)
    _sure_of_rows(terms, rows_in.head(20_000), rows_out.head(20_000))
    for name, expected in _by_value(terms, rows_in):
        actual = list(zip(rows_out[name], _forms(rows_out, name), strict=True))
        if actual != expected:
            raise RuntimeError("a row deviates from the reference: the figures would mean nothing")


def _forms(made: Any, name: str) -> list[str | None]:
    """The forms of a column; of one that is always raw, where there is a value."""
    if f"{name}.form" in made.columns:
        return list(made[f"{name}.form"])
    return [None if value is None else "raw" for value in made[name]]


def _by_value(terms: Any, rows_in: Any) -> Iterator[tuple[str, list[tuple[str | None, str | None]]]]:
    """Every value of every row by the reference, in the kind that the reference gives its field.

    A raw one is the value itself; of these the reference is asked for the first rows alone.
    """
    from conformance.data.mask.values_as_text import value_text
    from conformance.model.shapes import Kind

    types = terms.standard.desensitization.types
    names = [field.name for field in terms.item.fields]
    kinds = terms.kinds(terms.item, dict.fromkeys(names, "0"), "enterprise")
    for field in terms.item.fields:
        kind, values = kinds[field.name], list[tuple[str | None, str | None]]()
        is_kept = kind is Kind.RAW and Kind.RAW not in types[field.desensitization_type].operators
        for value in rows_in[field.name]:
            if value is None or is_kept:
                values.append((value, None if value is None else "raw"))
                continue
            disclosed = terms.value(field, kind, value)
            values.append((value_text(disclosed), str(disclosed.form)))
        yield field.name, values


def _sure_of_rows(terms: Any, rows_in: Any, rows_out: Any) -> None:
    """The rows as wholes, kinds included."""
    from conformance.data.mask.values_as_text import value_text

    for row, line in zip(rows_in.iter_rows(named=True), rows_out.iter_rows(named=True), strict=True):
        values = {name: value for name, value in row.items() if value is not None}
        for name, disclosed in terms.disclose(values).items():
            if (line[name], line.get(f"{name}.form", "raw")) != (value_text(disclosed), str(disclosed.form)):
                raise RuntimeError("a row deviates from the reference: the figures would mean nothing")


if __name__ == "__main__":
    main()
