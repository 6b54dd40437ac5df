"""Types with byte kernels, and texts that nearly are what these look for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import polars as pl

from conformance.data.mask.kernels.bytes.byte_patterns import BytePattern
from conformance.data.mask.kernels.bytes.fixed_width import FixedWidthMask
from conformance.data.mask.kernels.bytes.person_names import PersonNameMask
from conformance.data.mask.kernels.compile import kernels_of
from conformance.data.mask.kernels.kernel import Kernel
from conformance.data.mask.kernels.vectorized import VectorizedKernel
from conformance.model.shapes import Desensitization, Form, Kind
from conformance.oracles.desensitization import apply
from tests.conformance.data.item_rows import standard

RULES = standard().desensitization
ODD = ("", " ", "中", "é", "𠮷", "１", "*", "\x00", "\x7f", "a", "Z", "9", "-", "·", "\u3000", "〇", "，")


def changed(type_: str, operator: Mapping[str, Any], **more: Any) -> Desensitization:
    """The rules with another operator for a type, and other members."""
    made = replace(RULES.types[type_], operators={Kind.PART: operator}, **more)
    return replace(RULES, types=dict(RULES.types) | {type_: made})


def made_by(rules: Desensitization, type_: str, texts: Sequence[str | None]) -> list[str | None]:
    """What the byte kernel makes of texts; it must not give up on them as a whole."""
    kernel = byte_kernel(rules, type_)
    assert kernel is not None
    values = _sure_values(kernel, pl.Series("it", texts, pl.String))
    assert values.count(), "the texts should have been common enough"
    return values.to_list()


def byte_kernel(rules: Desensitization, type_: str) -> FixedWidthMask | PersonNameMask | None:
    """The first kernel of a type in the kind `part`, if it is over bytes."""
    kernels = kernels_of(rules, rules.types[type_], Kind.PART)
    assert kernels
    return kernels[0] if isinstance(kernels[0], FixedWidthMask | PersonNameMask) else None


def made_by_masks(type_: str, texts: pl.Series) -> pl.Series:
    """What the byte kernel makes of texts, and the vectorized one of what is left."""
    over_bytes, vectorized, *_ = kernels_of(RULES, RULES.types[type_], Kind.PART)
    assert isinstance(over_bytes, FixedWidthMask | PersonNameMask)
    assert isinstance(vectorized, VectorizedKernel)
    values = _sure_values(over_bytes, texts)
    rows = (texts.is_not_null() & values.is_null()).arg_true()
    return values.scatter(rows, _sure_values(vectorized, texts.gather(rows)))


def _sure_values(kernel: Kernel, texts: pl.Series) -> pl.Series:
    """The disclosed values; null where the kernel is unsure."""
    disclosed, unsure = kernel(texts)
    assert unsure.null_count() == 0
    assert not (unsure & texts.is_null()).any(), "a null is sure"
    assert disclosed.values.dtype == pl.String
    assert disclosed.values.name == texts.name
    frame = pl.DataFrame({"value": disclosed.values, "unsure": unsure})
    return frame.select(pl.when(~pl.col("unsure")).then("value").alias(texts.name)).to_series()


def wrong(
    rules: Desensitization, type_: str, texts: Sequence[str | None], masks: Sequence[str | None]
) -> list[Any]:
    """Texts that became something else than the reference makes of them; null is nothing."""
    masked_texts = ((text, value) for text, value in zip(texts, masks, strict=True) if value is not None)
    every = ((text, value, apply(rules, type_, Kind.PART, text)) for text, value in masked_texts)
    return [(text, value, ref) for text, value, ref in every if (value, Form.MASKED) != (ref.value, ref.form)]


def of_pattern(pattern: BytePattern, random: Random) -> str:
    """A text that matches a byte pattern."""
    return b"".join(random.choice(sorted(byte_class)) for byte_class in pattern).decode()


def near(text: str, random: Random) -> Iterator[str]:
    """Texts that differ in one place."""
    at = random.randrange(len(text) + 1)
    odd = random.choice(ODD)
    yield text[:at] + odd + text[at + 1 :]
    yield text[:at] + odd + text[at:]
    yield text[:at] + text[at + 1 :]
    point = ord(text[at - 1]) + random.choice((-1, 1)) if text else 0
    yield text[: at - 1] + chr(point) + text[at:] if at and point > 0 else odd
