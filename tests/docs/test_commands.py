"""Every command that a document shows exists, with its options; guides exist in both languages."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from conformance.cli.shared.program import build
from tests.repository.tracked import ROOT, shown

FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`((?:fcsp|make) [^`\n]+)`(?!`)")
COMMAND = re.compile(r"(?:^|[\s;&|(])((?:fcsp|make) [^#\n|;&)\"'>]*(?:'[^'\n]*'[^#\n|;&)\">]*)*)")
HOLE = re.compile(r"^[A-Z0-9_.\[\]…-]+$|\.\.\.|^<.*>$")
GUIDES = ("vendor-guide", "standards-body-guide", "ci-guide")


def documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/examples").glob("*/*.md")]
    return [path for path in found if path.name != "CHANGELOG.md"]


def commands(text: str) -> Iterator[str]:
    """What stands in code: blocks line by line, and spans within sentences."""
    for block in FENCE.findall(text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            yield from (found.strip() for found in COMMAND.findall(line.partition("#")[0]))
    yield from SPAN.findall(FENCE.sub("", text))


def problem(line: str, root: Any) -> str | None:
    """What is wrong with a command; None if it could be typed like that."""
    words = shlex.split(line)
    if words[0] == "make":
        return next((w for w in words[1:] if "=" not in w and w not in targets()), None)
    command = root
    while isinstance(command, TyperGroup) and len(words) > 1 and not words[1].startswith("-"):
        name = words.pop(1)
        subcommand = command.get_command(command.context_class(command), name)
        if subcommand is None:
            return None if HOLE.search(name) else name
        command = subcommand
    options_of_command = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    options = [word.partition("=")[0] for word in words[1:] if word.startswith("-")]
    return next((option for option in options if option not in options_of_command | {"--help", "-h"}), None)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def root() -> Any:
    return typer.main.get_command(build())


def test_every_command_shown_exists(root: Any) -> None:
    found = [(path, line) for path in documents() for line in commands(path.read_text("utf-8"))]
    assert len(found) > 80
    wrong = {f"{shown(path)}: {line}": problem(line, root) for path, line in found}
    assert {place: what for place, what in wrong.items() if what} == {}


def test_a_command_that_does_not_exist_would_be_seen(root: Any) -> None:
    block = "```sh\nfcsp run --seed 1   # fine\nfcsp fly\n```\n"
    text = f"{block}and `fcsp run --fast`, `make splendid`, `fcsp --help`"
    assert [problem(line, root) for line in commands(text)] == [None, "fly", "--fast", "splendid", None]


@pytest.mark.parametrize("name", GUIDES)
def test_each_guide_exists_in_both_languages_and_shows_the_same_commands(name: str) -> None:
    english, chinese = (ROOT / f"docs/{name}{suffix}.md" for suffix in ("", ".zh-CN"))
    blocks = [
        [
            re.sub(r"\s*#.*", "", line)
            for block in FENCE.findall(path.read_text("utf-8"))
            for line in block.splitlines()
        ]
        for path in (english, chinese)
    ]
    assert len(blocks[0]) > 10
    assert blocks[0] == blocks[1]
