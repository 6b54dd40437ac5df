"""Examples in CONTRIBUTING are copies of the files named above them."""

import re
from collections.abc import Iterator
from textwrap import dedent

from tests.repository.tracked import ROOT

EXAMPLE = re.compile(
    r"^(?P<indent> *)`(?P<file>[\w./-]+)`:\n\n(?P<code> *```[a-z]+\n.*?\n)(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


def examples(text: str) -> Iterator[tuple[str, str]]:
    """File and excerpt of each example; `...` on a line of its own separates excerpts."""
    for example in EXAMPLE.finditer(text):
        code = "\n".join(line.removeprefix(example["indent"]) for line in example["code"].split("\n")[1:])
        for excerpt in re.split(r"^\.\.\.\n", code, flags=re.MULTILINE):
            yield example["file"], excerpt


def is_copy(file: str, excerpt: str) -> bool:
    return f"\n{excerpt}" in "\n" + (ROOT / file).read_text("utf-8")


def test_examples_are_copies() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    excerpts = list(examples(text))
    assert len(excerpts) >= 15
    assert len(re.findall(r"^ *`[\w./-]+`:$", text, re.MULTILINE)) == len(EXAMPLE.findall(text))
    assert [(file, excerpt) for file, excerpt in excerpts if not is_copy(file, excerpt)] == []


def test_a_changed_example_would_be_seen() -> None:
    text = dedent(
        """
        1. Text.

           `LICENSE`:

           ```text
           not a line of it
           ```
        """
    )
    assert [(file, is_copy(file, excerpt)) for file, excerpt in examples(text)] == [("LICENSE", False)]
