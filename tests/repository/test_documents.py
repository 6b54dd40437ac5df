"""Guards over the documents: links resolve, nothing names the place where the project was made."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tests.repository.tracked import ROOT, shown, tracked

LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)

# Written in pieces, so that this file does not contain what it looks for.
HOSTS = ("py" + "pi", "python" + "hosted", "npm" + "js", "deb" + "ian", r"regis" + r"try\.[a-z]+")
FOLDERS = ("wo" + "rk", "fa" + "rm", "tm" + "p/fcsp", "opt/(?:py" + "pi|wheels)")
WORDS = ("PRE" + "AMBLE.md", "CON" + "TRACT.md", "work" + "tree", "sub" + "agent")
WORKPLACE = re.compile(
    rf"\b(?:{'|'.join(HOSTS)})\.(?:org|com|net|io)\b|(?<![\w.])/(?:{'|'.join(FOLDERS)})/|{'|'.join(WORDS)}",
    re.IGNORECASE,
)


def text_of(path: Path) -> str | None:
    """The text of a file; None for pictures and the like."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def slug(heading: str) -> str:
    """The anchor that code hosts give a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(path: Path) -> Iterator[str]:
    for match in LINK.finditer(FENCE.sub("", path.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", match[1]):
            yield unquote(match[1])


def broken(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists() or ROOT not in (target, *target.parents):
        return True
    return bool(anchor) and anchor not in map(slug, HEADING.findall(FENCE.sub("", target.read_text("utf-8"))))


def test_links_in_documents_resolve() -> None:
    found = [(path, link) for path in tracked("*.md") for link in links(path)]
    assert len(found) > 20
    assert [f"{shown(path)}: {link}" for path, link in found if broken(path, link)] == []


def test_a_broken_link_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](missing.md) [b](#two) [c](https://example.com)\n```\n[d](code.md)\n```\n")
    assert list(links(page)) == ["missing.md", "#two"]
    assert broken(page, "missing.md")
    assert slug("`AUT-003` · 撤销 [x](y)") == "aut-003--撤销-x"


def test_nothing_names_the_place_where_the_project_was_made() -> None:
    texts = {path: text for path in tracked() if (text := text_of(path)) is not None}
    assert len(texts) > 50
    places = [
        f"{shown(path)}:{number}: {line.strip()[:80]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if WORKPLACE.search(line)
    ]
    assert places == []


def test_a_workplace_word_would_be_seen() -> None:
    assert WORKPLACE.search("see https://" + "py" + "pi.org/simple")
    assert WORKPLACE.search("open('/wo" + "rk/shared')")
    assert not WORKPLACE.search("a framework/path and https://example.com/work/")
