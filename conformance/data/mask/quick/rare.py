"""When it is worth it to look at the bytes of texts, and what does so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Quick = Callable[["pl.Series"], "pl.Series"]
"""What becomes of texts; null of those without proof, which are looked at again."""


def rare(count: int, texts: "pl.Series") -> bool:
    """Whether so few of the texts are dealt with that looking at the others again would cost more."""
    return count * 4 < (len(texts) - texts.null_count()) * 3
