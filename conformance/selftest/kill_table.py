"""The matrix for people: a Markdown table of requirements, their mutants, and the checks that catch each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conformance.model.text import Message

Text = Callable[[Message], str]
COLUMNS = ("requirement", "mutant", "caught_by", "also", "cost")
CELL_COLUMNS = ("cell", "ways", "case", "noticed")


def render(document: Mapping[str, Any], text: Text) -> str:
    """`document` is the matrix for machines; a check that alone catches a mutant is set in bold."""
    return "\n".join((*_lines(document, text), ""))


def overview(document: Mapping[str, Any], text: Text) -> Iterator[str]:
    """The matrix for the terminal: below each check what it catches, first what it alone catches."""
    rows = mutants_of(document)
    for check in sorted({check for row in rows for check in row["caught_by"]}):
        caught = sorted((row for row in rows if check in row["caught_by"]), key=lambda r: len(r["caught_by"]))
        alone = sum(len(row["caught_by"]) == 1 for row in caught)
        yield text(Message("cli.matrix_check", {"check": check, "caught": len(caught), "alone": alone}))
        for row in caught:
            mark = "●" if len(row["caught_by"]) == 1 else "○"
            yield f"  {mark} {row['mutant']:<58} {row['core_seconds']:7.1f} cs"


def mutants_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of platforms that are wrong."""
    return [row for row in document["rows"] if row["requirement"]]


def _lines(document: Mapping[str, Any], text: Text) -> Iterator[str]:
    rows = mutants_of(document)
    counts = {"mutants": len(rows), "caught": sum(bool(row["caught_by"]) for row in rows)}
    yield f"# {text(Message('cli.matrix_title'))}"
    yield ""
    yield text(Message("cli.matrix_summary", {**counts, "seconds": document["core_seconds"]}))
    yield ""
    yield _line(*(text(Message(f"cli.matrix_{name}")) for name in COLUMNS))
    yield _line(*("---" for _ in COLUMNS))
    for row in sorted(rows, key=lambda row: (row["requirement"], row["mutant"])):
        cost = f"{row['core_seconds']:.1f}"
        yield _line(row["requirement"], f"`{row['mutant']}`", _killers(row), ", ".join(row["also"]), cost)
    yield ""
    yield text(Message("cli.matrix_weak", {"checks": document["weak"]}))
    if "disclosure" in document:
        yield from _disclosure(document["disclosure"]["cells"], text)


def _disclosure(cells: Sequence[Mapping[str, Any]], text: Text) -> Iterator[str]:
    changes = [change for cell in cells for change in cell["changes"] if change["case"]]
    cells_met, caught = (
        sum(bool(cell["met_by"]) for cell in cells),
        sum(change["caught"] for change in changes),
    )
    counts = {"cells": len(cells), "met": cells_met, "changes": len(changes), "caught": caught}
    yield from (
        "",
        f"## {text(Message('cli.cells_title'))}",
        "",
        text(Message("cli.cells_summary", counts)),
        "",
    )
    yield _line(*(text(Message(f"cli.cells_{name}")) for name in CELL_COLUMNS))
    yield _line(*("---" for _ in CELL_COLUMNS))
    for cell in cells:
        noticed = ", ".join(f"`{one['name'].rpartition('.')[2]}`" for one in cell["changes"] if one["caught"])
        first = f"`{cell['met_by'][0]}`" if cell["met_by"] else "-"
        yield _line(" ".join(cell["place"]), ", ".join(cell["ways"]) or "-", first, noticed or "-")


def _killers(row: Mapping[str, Any]) -> str:
    names = [f"`{name.partition('/')[2]}`" for name in row["caught_by"]]
    return f"**{names[0]}**" if len(names) == 1 else ", ".join(names)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
