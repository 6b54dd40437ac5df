"""Second pass over values the guards rejected: normalize them, then try the vectorized operator again.

Most rejected values are blank, invalid, or spelled in another form. The pass costs more for each value than
the kernels before it, and gets few.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.data.mask.charsets import character_class
from conformance.data.mask.kernels.guards import normal_pattern, validity
from conformance.data.mask.kernels.kernel import DisclosedColumn
from conformance.data.mask.kernels.vectorized import VectorizedOperator
from conformance.data.mask.values_as_text import CODES
from conformance.model.shapes import Desensitization, Form, TypeRules
from conformance.oracles.desensitization.characters import characters

if TYPE_CHECKING:
    import polars as pl

_RAW, _TEXT, _VALUE, _REPLACEMENT = "raw", "text", "value", "replacement"
_FORM, _UNSURE = "form", "unsure"


@dataclass(frozen=True)
class NormalizingPass:
    """The kernel of a vectorized operator after normalization; its columns hold no nulls."""

    rules: Desensitization
    type_rules: TypeRules
    operator: VectorizedOperator
    form: Form

    def __call__(self, column: "pl.Series") -> tuple[DisclosedColumn, "pl.Series"]:
        frame = column.alias(_RAW).to_frame().lazy()
        for step in self._steps[:-1]:
            frame = frame.with_columns(step)
        result = frame.select(self._steps[-1]).collect()
        return DisclosedColumn(result[_VALUE].alias(column.name), result[_FORM]), result[_UNSURE]

    @cached_property
    def _steps(self) -> "Sequence[Sequence[pl.Expr]]":
        """Columns added step by step; those of the last step are the result."""
        import polars as pl

        raw, text, value, replacement = map(pl.col, (_RAW, _TEXT, _VALUE, _REPLACEMENT))
        is_normal = text.str.contains(normal_pattern(self.type_rules.normalize, self.rules.tables))
        is_blank, is_refused = _is_blank(raw, self.rules.tables), is_normal & self._is_refused(text)
        instead = pl.when(is_blank).then(pl.lit("")).when(is_refused).then(pl.lit(self.rules.fallback))
        masked, operator_form = (pl.lit(CODES[form], pl.UInt8) for form in (Form.MASKED, self.form))
        is_sure = replacement.is_not_null() | (is_normal & self.operator.guard(text, value))
        return (
            [_nearly_normalized(raw, self.type_rules.normalize, self.rules.tables).alias(_TEXT)],
            [self.operator.value(text).alias(_VALUE), instead.alias(_REPLACEMENT)],
            [
                pl.coalesce(replacement, value).alias(_VALUE),
                pl.when(replacement.is_not_null()).then(masked).otherwise(operator_form).alias(_FORM),
                (~is_sure).alias(_UNSURE),
            ],
        )

    def _is_refused(self, text: "pl.Expr") -> "pl.Expr":
        """Text in normal form that is invalid, or that the operator refuses."""
        import polars as pl

        valid = validity(self.type_rules)
        conditions = [] if valid is None else [~text.str.contains(valid)]
        if self.operator.refuses is not None and self.type_rules.tail is None:
            conditions.append(self.operator.refuses(text))
        return pl.any_horizontal(conditions) if conditions else pl.lit(False)


def _is_blank(text: "pl.Expr", tables: Mapping[str, Any]) -> "pl.Expr":
    is_blank: pl.Expr = text.str.strip_chars("".join(characters(tables, "white_space"))) == ""
    return is_blank


def _nearly_normalized(text: "pl.Expr", form: str, tables: Mapping[str, Any]) -> "pl.Expr":
    """Text without the characters that a normal form drops: normalized, unless it needs folding too."""
    white = characters(tables, "white_space")
    if form == "none":
        return text
    if form != "id":
        return text.str.strip_chars("".join(white))
    dropped = white | characters(tables, "dashes")
    # a character whose compatibility form is not dropped has to stay
    always_dropped = {ord(c) for c in dropped if set(unicodedata.normalize("NFKC", c)) <= dropped}
    return text.str.replace_all(f"[{character_class(always_dropped)}]", "")
