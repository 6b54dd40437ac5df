"""The few pieces of Markdown that generated text is made of."""

from collections.abc import Iterable, Sequence

from conformance.model.text import Text

NOTICE = "<!-- Generated from standard/ and schemas/ by `fcsp standard weave`; do not edit. -->"


def page(title: Text, intro: Text, *blocks: str) -> str:
    """A generated page; its first line says that it is generated."""
    return "\n\n".join((NOTICE, f"# {title.zh} · {title.en}", intro.zh, intro.en, *blocks)) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line breaks within a cell stay within it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def both(text: Text) -> str:
    """Both languages, Chinese first, each on a line of its own."""
    return f"{text.zh}\n{text.en}"


def code(*values: str) -> str:
    """Values in code style, separated by commas; a dash for none."""
    return ", ".join(f"`{value}`" for value in values) or "–"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
