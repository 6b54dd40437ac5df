"""What a vector form is: which values of a column it fits, and what they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Treatment:
    """Both are functions of the column. A value that does not fit may come out as anything, even an error."""

    fits: "Callable[[pl.Expr], pl.Expr]"
    value: "Callable[[pl.Expr], pl.Expr]"


Maker = Callable[[Mapping[str, Any], Desensitization], Treatment | None]
"""Makes the treatment of an operator from its parameters; None: these parameters have none.

Its columns hold valid normal forms, not blank, of units that are one code point each."""
