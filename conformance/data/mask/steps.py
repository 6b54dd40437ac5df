"""What is asked of a column in a kind: expressions, made once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.data.mask.labels import CODES
from conformance.data.mask.vectors import Vector
from conformance.model.shapes import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

_VALUE, _FORM, _UNSURE = "\0value", "\0form", "\0unsure"


@dataclass(frozen=True, slots=True)
class Step:
    """Expressions over a frame that has the column."""

    name: str
    value: "pl.Expr"
    """What becomes of the values, as text: a column of which `unsure` may speak."""
    form: "pl.Expr"
    unsure: "pl.Expr | None" = None
    """The values without proof; None: all have one."""

    @property
    def asked(self) -> "list[pl.Expr]":
        """What a frame with the value is asked."""
        import polars as pl

        found = [pl.col(self.value_name), self.form]
        return found if self.unsure is None else [*found, self.unsure]

    @property
    def value_name(self) -> str:
        return self.name + _VALUE

    @property
    def form_name(self) -> str:
        return self.name + _FORM

    @property
    def unsure_name(self) -> str:
        return self.name + _UNSURE


def withheld(name: str) -> Step:
    """Nothing is shown."""
    import polars as pl

    return _step(name, pl.lit(None, pl.String), Form.WITHHELD)


def referred(name: str) -> Step:
    """The reference looks at every value."""
    import polars as pl

    return _step(name, pl.lit(None, pl.String), Form.MASKED, pl.col(name).is_not_null())


def shown(name: str) -> Step:
    """Every value stays as it is."""
    import polars as pl

    return _step(name, pl.col(name).cast(pl.String), Form.RAW)


def treated(name: str, by: Vector, names: "Sequence[str]") -> Step:
    """By a vector form; rows that have one of the names of persons are left to the reference."""
    import polars as pl

    this, value = pl.col(name), pl.col(name + _VALUE)
    if by.quick is None:
        made: pl.Expr = pl.when(this.is_not_null()).then(by.treatment.value(this))
        proved = by.treatment.fits(this, value)
    else:
        made = this.map_batches(by.quick, pl.String)
        proved = value.is_not_null()
    if names:
        proved &= ~pl.any_horizontal(pl.col(each).is_not_null() for each in names)
    return _step(name, made, by.form, this.is_not_null() & ~proved)


def _step(name: str, value: "pl.Expr", form: Form, unsure: "pl.Expr | None" = None) -> Step:
    import polars as pl

    forms = pl.when(pl.col(name).is_not_null()).then(pl.lit(CODES[form], pl.UInt8))
    told = None if unsure is None else unsure.alias(name + _UNSURE)
    return Step(name, value.alias(name + _VALUE), forms.alias(name + _FORM), told)
