"""Writing for a terminal, colored where asked: the canvas, and how each verdict looks on it."""

import io
from typing import Any

STYLES = {
    "passed": "green",
    "failed": "bold red",
    "warned": "yellow",
    "not_applicable": "dim",
    "not_effective": "dim",
    "not_verified": "magenta",
    "inconclusive": "magenta",
    "errored": "bold magenta",
    "manual": "cyan",
}
SYMBOLS = {
    "passed": "✓",
    "failed": "✗",
    "warned": "!",
    "not_applicable": "–",
    "not_effective": "–",
    "not_verified": "?",
    "inconclusive": "≈",
    "errored": "⚡",
    "manual": "✎",
}


def canvas(*, color: bool, width: int) -> Any:
    """A console that keeps what is printed on it."""
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        force_terminal=color,
        no_color=not color,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=not color,
    )


def printed(console: Any) -> str:
    """All that was printed on a canvas."""
    return str(console.file.getvalue())
