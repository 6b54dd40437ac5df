"""What a vector form is: which values of a column it fits, and what they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Treatment:
    """A value that does not fit may come out as anything, even an error."""

    value: "Callable[[pl.Expr], pl.Expr]"
    """What becomes of a column."""
    fits: "Callable[[pl.Expr, pl.Expr], pl.Expr]"
    """Whether that is right, from a column and what became of it."""
    refuses: "Callable[[pl.Expr], pl.Expr] | None" = None
    """Texts of which the operator certainly makes nothing."""
    without: str = ""
    """A character that a text must not have in it."""
    alphabet: frozenset[int] | None = None
    """The code points of which every text that fits is made, if `fits` sees to that; it is not empty then."""


Maker = Callable[[Mapping[str, Any], Desensitization], Treatment | None]
"""Makes the treatment of an operator from its parameters; None: these parameters have none.

Its columns hold valid normal forms, not blank, of units that are one code point each."""
