"""The scan finds exactly what the leak search finds in windows of lines, whatever hides the value."""

import io
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.scan.blocks import LONGEST, WINDOW, blocks
from conformance.data.scan.rare_readings import RareReadings
from conformance.data.scan.search import ValueSearch
from tests.conformance.data.scan.planted_values import VALUES, around, by_reference, plants, reference, search

SAMPLE = 400


def by_scan(content: bytes, engine: str = "auto", size: int = 64) -> dict[str, set[int]]:
    lines_by_name: dict[str, set[int]] = {}
    for block in blocks(io.BytesIO(content), size):
        for hit in search(engine).block(block):
            lines_by_name.setdefault(hit.name, set()).add(hit.line - 1)
    return lines_by_name


def wrong(content: bytes, engine: str = "auto", size: int = 64) -> object:
    """Values that are found here and not there, or on a line that is in no window of the reference."""
    theirs, ours = by_reference(content), by_scan(content, engine, size)
    astray = {
        name: lines
        for name, lines in ours.items()
        if not all(any(first <= line < first + WINDOW for first in theirs.get(name, ())) for line in lines)
    }
    return (theirs.keys() ^ ours.keys(), astray) if theirs.keys() != ours.keys() or astray else None


def sample(count: int) -> Sequence[bytes]:
    return Random(5).sample(plants(), count)


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_every_guise_among_decoys(size: int) -> None:
    hit_count = 0
    for number, plant in enumerate(sample(SAMPLE)):
        content = around(Random(number), plant)
        assert wrong(content, size=size) is None
        hit_count += bool(by_scan(content, size=size))
    assert hit_count > SAMPLE / 2


def test_many_guises_in_one_file() -> None:
    for seed in range(6):
        random = Random(seed)
        content = b"\n".join(around(random, plant) for plant in random.sample(plants(), 6))
        assert wrong(content, size=256) is None


def test_the_portable_engine_finds_the_same() -> None:
    for number, plant in enumerate(sample(60)):
        content = around(Random(number), plant)
        assert by_scan(content, "ahocorasick") == by_scan(content)


@settings(max_examples=40, deadline=None)
@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(plants()),
            st.binary(max_size=12),
            st.text(max_size=8).map(lambda t: t.encode("utf-8", "surrogatepass")),
            st.sampled_from([b"\n", b"\r\n", b"\0", b"\x1f\x8b", b"%", b"&", b"\\u", b"eJ", b"\xef\xbc"]),
        ),
        max_size=6,
    ),
    size=st.sampled_from([16, 64, 4096]),
)
def test_bytes_that_hypothesis_finds(pieces: list[bytes], size: int) -> None:
    assert wrong(b"".join(pieces), size=size) is None


def test_a_value_across_the_cut_of_a_long_line() -> None:
    value = VALUES["phone"].encode()
    for at in (LONGEST - 5, 3 * LONGEST - 1, 3 * LONGEST):
        content = b"x" * at + b" " + value + b" " + b"y" * LONGEST
        assert by_scan(content, size=1000) == {"phone": {0}}


def test_blocks_hold_every_window() -> None:
    random = Random(2)
    for _ in range(50):
        content = b"".join(random.choice((b"a", b"bc", b"\n", b"\n\n", b"x" * 300)) for _ in range(40))
        parts = list(blocks(io.BytesIO(content), random.randrange(1, 400)))
        lines = content.splitlines(keepends=True)
        for first in range(max(len(lines) - WINDOW + 1, 1)):
            window = b"".join(lines[first : first + WINDOW])
            at = len(b"".join(lines[:first]))
            holders = (b for b in parts if b.offset <= at and at + len(window) <= b.offset + len(b.data))
            assert any(at - b.offset in b.starts() and b.number(at - b.offset) == first + 1 for b in holders)


def test_a_planted_deviation_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that never looks at odd lines misses what only their readings show."""
    nothing = np.empty(0, np.int64)
    monkeypatch.setattr(
        "conformance.data.scan.rare_readings.RareReadingFinder.places",
        lambda *_: RareReadings(nothing, nothing),
    )
    missed = [plant for n, plant in enumerate(plants()) if n % 4 == 0 and wrong(around(Random(n), plant))]
    assert missed


def test_short_values_are_named_and_not_searched() -> None:
    made = ValueSearch({"good": "13812345678", "short": "a-b", "dots": "....-----"})
    assert set(made.unsearchable) == {"short", "dots"}
    assert reference().content(b"....-----") == ()


def test_enough_places_are_enough() -> None:
    """What is found everywhere would be looked at everywhere."""
    name, value = next((n, v) for n, v in VALUES.items() if n not in search("auto").unsearchable)
    block = next(blocks(io.BytesIO(f"{value}\n\n\n\n".encode() * 50), 1 << 20))
    assert len({each.line for each in search("auto").block(block) if each.name == name}) >= 50
    assert [each.name for each in search("auto").block(block, most=2)].count(name) == 2
    assert not [each for each in search("auto").block(block, frozenset({name})) if each.name == name]
