"""DuckDB doing the masks of `bulk_mask` in SQL, as far as SQL can say them."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any


def duckdb_masking(
    terms: Any, source: Path, output: Path, plain_fields: tuple[str, ...], group: int
) -> Callable[[], object]:
    """File to file. There are no normal forms in it, and places are found by one pattern."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    columns = ", ".join([*_sql(terms), *plain_fields])
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {group}"
    query = f"COPY (SELECT {columns} FROM '{source}') TO '{output}' ({options})"  # noqa: S608  # all of it is ours
    return lambda: connection.execute(query)


def _sql(terms: Any) -> Iterator[str]:
    """The five fields, each with its form."""
    for name, (valid, value) in _masks(terms).items():
        blank = f"trim({name}, ' 　') = ''"
        otherwise = f"WHEN {blank} THEN '' WHEN {name} IS NOT NULL THEN '***'"
        yield f"CASE WHEN {valid} THEN {value} {otherwise} END AS {name}"
        form = f"CASE WHEN {valid} THEN 'bucket' ELSE 'masked' END" if name == "amount" else "'masked'"
        yield f'CASE WHEN {name} IS NOT NULL THEN {form} END AS "{name}.form"'


def _masks(terms: Any) -> dict[str, tuple[str, str]]:
    """What makes a value good, and what becomes of a good one."""
    from conformance.data.mask.kernels.addresses import places

    types = terms.standard.desensitization.types
    names = "|".join(places(terms.standard.desensitization.tables["division"], "city"))
    han = r"[\x{3007}\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{f900}-\x{faff}\x{20000}-\x{3ffff}]"
    id_, phone = ("|".join(types[name].valid) for name in ("resident_id", "phone"))
    number = r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?"
    return {
        "name": (f"regexp_full_match(name, '{han}{{2,30}}')", _name(terms)),
        "resident_id": (f"regexp_full_match(resident_id, '{id_}')", _ends("resident_id", 1, 1)),
        "phone": (f"regexp_full_match(phone, '{phone}')", _ends("phone", 3, 2)),
        "address": (
            f"regexp_matches(address, '^({names})')",
            f"regexp_extract(address, '^({names})') || '****'",
        ),
        "amount": (f"regexp_full_match(amount, '{number}')", _interval(terms)),
    }


def _ends(name: str, first: int, last: int) -> str:
    return f"left({name}, {first}) || repeat('*', length({name}) - {first + last}) || right({name}, {last})"


def _name(terms: Any) -> str:
    compound = ", ".join(f"'{name}'" for name in terms.standard.desensitization.tables["compound_surnames"])
    kept = f"CASE WHEN length(name) > 2 AND left(name, 2) IN ({compound}) THEN 2 ELSE 1 END"
    return f"left(name, {kept}) || repeat('*', least(2, length(name) - {kept})::INT)"


def _interval(terms: Any) -> str:
    from conformance.data.mask.values_as_text import interval_text

    edges = terms.standard.desensitization.types["amount"].operators["gen"]["edges"]
    ends = pairwise([None, *edges, None])
    names = [interval_text({"min": low, "max": high, "unit": "CNY"}) for low, high in ends]
    steps = (f"WHEN amount::DECIMAL(38, 2) < {e} THEN '{n}'" for e, n in zip(edges, names, strict=False))
    return f"CASE {' '.join(steps)} ELSE '{names[-1]}' END"
