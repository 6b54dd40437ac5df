import re
from random import Random

import polars as pl
import pytest

from conformance.data.mask.kernels.bytes.byte_patterns import byte_patterns, width
from conformance.data.mask.kernels.bytes.fixed_width import ByteMatcher, matrix_of
from tests.conformance.data.mask.bytes.kernel_samples import RULES, near, of_pattern

CLEAR = (
    "[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]",
    r"((\+|00)?86)?1[3-9][0-9]{9}",
    "0[3-9][0-9]{2}[2-9][0-9]{6,7}",
    "[0-9A-Za-z_]{5,9}",
    "(A|B1|C2)x?",
    "(?:ab|cd)[02468]",
    "(|7)[A-]",
)
UNCLEAR = (
    "[^0]{3}",
    "a.c",
    "^a",
    "中[0-9]",
    "[0-9中]",
    "[a-é]",
    "(a)\\1",
    "(?i)abc",
    "(?i:abc)d",
    "a{1,99}",
    "[ab]{0,9}" * 3,
    "a*",
    r"\d{3}",
    "(?=a)a",
    "[ab]{65}",
)


@pytest.mark.parametrize("pattern", CLEAR)
def test_a_matcher_takes_what_the_pattern_takes(pattern: str) -> None:
    random, every = Random(pattern), list(byte_patterns([pattern]))
    texts = [of_pattern(random.choice(every), random) for _ in range(3000)]
    texts += [other for text in texts[:1500] for other in near(text, random)]
    texts = [text for text in texts if text]
    matches = set[str]()
    for bytes_ in every:
        texts_of_width = sorted({text for text in texts if len(text.encode()) == width(bytes_)})
        good = ByteMatcher(bytes_)(matrix_of(pl.Series(texts_of_width, dtype=pl.String), width(bytes_)))
        matches |= {text for text, fits in zip(texts_of_width, good, strict=True) if fits}
    assert matches == {text for text in texts if re.fullmatch(pattern, text)}
    assert 0 < len(matches) < len(set(texts))


@pytest.mark.parametrize("pattern", UNCLEAR)
def test_other_patterns_are_left_alone(pattern: str) -> None:
    assert not list(byte_patterns([pattern]))


def test_days_of_months_are_not_patterns_of_their_own() -> None:
    assert len(list(byte_patterns(RULES.types["resident_id"].valid))) == 2


def test_long_columns_are_matched_block_by_block() -> None:
    (pattern,) = byte_patterns(["[0-9]{3}"])
    texts = ["123"] * 10_000
    for at in (0, 4095, 4096, 8191, 9999):
        texts[at] = "1x3"
    good = ByteMatcher(pattern)(matrix_of(pl.Series(texts), 3))
    assert [at for at, fits in enumerate(good) if not fits] == [0, 4095, 4096, 8191, 9999]
