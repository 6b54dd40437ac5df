"""Strings for patterns: they match, at every size, and what is not known is refused rather than guessed."""

import re

import pytest

from conformance.synth.patterns import UnsupportedPatternError, matching
from tests.conformance.synth.record_judge import rng, world

PATTERNS = (
    r"^[0-9]{15}$",
    r"^(1[0-9]{10}|0[0-9]{2,3}-[0-9]{7,8})$",
    r"^-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,2})?$",
    r"^[0-9]{1,6}\*{8,16}[0-9X]{1,4}$",
    r"^(?:ab|c)+[^a-z]*x?$",
    r"^[A-Z\-_]\x41\u0042[]]?[.]$".replace("[]]?", ""),
    r"^.{3}$",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("size", [-1.0, 0.0, 1.0])
def test_made_strings_match(pattern: str, size: float) -> None:
    random = rng(pattern, size)
    for _ in range(50):
        assert re.fullmatch(pattern[1:-1], matching(pattern, random, size))


def test_all_patterns_of_elements_are_understood() -> None:
    patterns = {
        f.schema["pattern"] for i in world().checklist.items for f in i.fields if "pattern" in f.schema
    }
    assert patterns
    for pattern in patterns:
        assert re.fullmatch(pattern[1:-1], matching(pattern, rng(pattern)))


@pytest.mark.parametrize("pattern", [r"^\d$", r"^(?=a)a$", r"^a**$", r"^(a$", r"^a)$", r"^\p{Han}$"])
def test_what_is_not_known_is_refused(pattern: str) -> None:
    with pytest.raises((UnsupportedPatternError, ValueError)):
        matching(pattern, rng(pattern))
