"""Guards over `docs/architecture.md`: layer tables equal the import contracts, the files named exist."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.repository.tracked import ROOT, shown, tracked

CODE = re.compile(r"`([^`]+)`")
SECTION = "Where to make a change"
LAYERS = ("Layers of the judge", "Layers of the data commands", "Layers of the exemplar")
"""Names of the import contracts, and of the sections that explain them."""


def table(text: str, heading: str) -> Iterator[tuple[str, ...]]:
    """Cells of the rows of the first table below a heading of the second level, without the table's head."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row in rows[2:]:
        yield tuple(cell.strip() for cell in row.strip("|").split("|"))


def names_in_code(cell: str) -> list[str]:
    return CODE.findall(cell)


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs/architecture.md").read_text("utf-8")


@pytest.mark.parametrize("contract", LAYERS)
def test_a_table_of_layers_is_its_import_contract(page: str, contract: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(entry["layers"] for entry in settings["contracts"] if entry["name"] == contract)
    assert len(layers) > 5
    expected = [sorted(part.strip() for part in layer.split("|")) for layer in layers]
    assert [sorted(names_in_code(row[0])) for row in table(page, contract)] == expected


def test_every_contract_of_layers_has_its_table() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert {entry["name"] for entry in settings["contracts"] if entry["type"] == "layers"} == set(LAYERS)


def test_files_to_change_exist(page: str) -> None:
    rows = list(table(page, SECTION))
    assert len(rows) >= 18
    files = {shown(path) for path in tracked()}
    assert {row[0]: row[1] for row in rows if names_in_code(row[1])[:1] == []} == {}
    assert {row[0]: row[1] for row in rows if names_in_code(row[1])[0] not in files} == {}
    assert len({row[0] for row in rows}) == len(rows)


def test_rows_of_a_table_are_read() -> None:
    text = "\n## A\n\n| x | y |\n|---|---|\n| `a`, `b` | 1 |\n| `c` | 2 |\n\n## B\n\n| z |\n|---|\n| `d` |\n"
    assert [names_in_code(row[0]) for row in table(text, "A")] == [["a", "b"], ["c"]]
    assert list(table(text, "B")) == [("`d`",)]
