"""A second look at values that had no proof as they are: most are written in another form, or are invalid.

It costs more for each value, but few get here. What has no proof then goes to the reference.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.data.mask.alphabets import character_class
from conformance.data.mask.labels import CODES
from conformance.data.mask.proofs import normal, validity
from conformance.data.mask.treatment import Treatment
from conformance.model.shapes import Desensitization, Form, TypeRules
from conformance.oracles.desensitization.characters import characters

if TYPE_CHECKING:
    import polars as pl

_RAW, _TEXT, _VALUE = "raw", "text", "value"


@dataclass(frozen=True)
class Second:
    """How values of a type are looked at again."""

    rules: Desensitization
    of: TypeRules
    treatment: Treatment
    form: Form

    def look(self, given: "pl.Series") -> "pl.DataFrame":
        """What becomes of texts: columns `value`, `form` (`labels.CODES`) and `unsure`."""
        frame = given.alias(_RAW).to_frame().lazy()
        for step in self._steps[:-1]:
            frame = frame.with_columns(step)
        return frame.select(self._steps[-1]).collect()

    @cached_property
    def _steps(self) -> "Sequence[Sequence[pl.Expr]]":
        """Columns after columns, made once; the last are those that are asked for."""
        import polars as pl

        raw, this, value, found = map(pl.col, (_RAW, _TEXT, _VALUE, "found"))
        settled = this.str.contains(normal(self.of.normalize, self.rules.tables))
        blank, refused = _blank(raw, self.rules.tables), settled & self._refused(this)
        nothing = pl.when(blank).then(pl.lit("")).when(refused).then(pl.lit(self.rules.fallback))
        masked, own = (pl.lit(CODES[form], pl.UInt8) for form in (Form.MASKED, self.form))
        proved = found.is_not_null() | (settled & self.treatment.fits(this, value))
        return (
            [_rewritten(raw, self.of.normalize, self.rules.tables).alias(_TEXT)],
            [self.treatment.value(this).alias(_VALUE), nothing.alias("found")],
            [
                pl.coalesce(found, value).alias(_VALUE),
                pl.when(found.is_not_null()).then(masked).otherwise(own).alias("form"),
                (~proved).alias("unsure"),
            ],
        )

    def _refused(self, text: "pl.Expr") -> "pl.Expr":
        """Texts in their normal form that are invalid, or of which the operator makes nothing."""
        import polars as pl

        valid = validity(self.of)
        found = [] if valid is None else [~text.str.contains(valid)]
        if self.treatment.refuses is not None and self.of.tail is None:
            found.append(self.treatment.refuses(text))
        return pl.any_horizontal(found) if found else pl.lit(False)


def _blank(text: "pl.Expr", tables: Mapping[str, Any]) -> "pl.Expr":
    found: pl.Expr = text.str.strip_chars("".join(characters(tables, "white_space"))) == ""
    return found


def _rewritten(text: "pl.Expr", form: str, tables: Mapping[str, Any]) -> "pl.Expr":
    """The normal form of texts that are in a form which is nearly that."""
    white = characters(tables, "white_space")
    if form == "none":
        return text
    if form != "id":
        return text.str.strip_chars("".join(white))
    dropped = white | characters(tables, "dashes")
    # a compatibility form that is not dropped itself would stay
    sure = {ord(c) for c in dropped if set(unicodedata.normalize("NFKC", c)) <= dropped}
    return text.str.replace_all(f"[{character_class(sure)}]", "")
