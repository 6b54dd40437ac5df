"""The index of decisions lists every one, in order, by its title."""

import re

from tests.repository.tracked import ROOT, tracked

ROW = re.compile(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", re.MULTILINE)


def test_the_index_lists_every_decision_by_its_title() -> None:
    pages = {path.name: path.read_text("utf-8") for path in tracked("docs/decisions/[0-9]*.md")}
    assert len(pages) > 20
    titles = [
        (name[:4], name, text.splitlines()[0].removeprefix(f"# {name[:4]} ")) for name, text in pages.items()
    ]
    assert ROW.findall((ROOT / "docs/decisions/README.md").read_text("utf-8")) == sorted(titles)
