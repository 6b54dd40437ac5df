"""What the scan leaves out to be quick: each shortcut at its borders,."""

import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from conformance.data.scan.blocks import WINDOW, blocks
from conformance.data.scan.folded import FoldedView, fold, patterns_of
from conformance.data.scan.matchers import make_matcher
from conformance.data.scan.rare_readings import SUSPECTS, RareReadingFinder, _suspect_offsets
from conformance.data.scan.separators import SeparatorRuns
from conformance.oracles.encodings import squeeze
from tests.conformance.data.scan.planted_values import VALUES, plants
from tests.conformance.data.scan.test_equal import by_scan, wrong

SEPARATED = ("—", "：", "——", "　", "· ", " —", "-：-", "\N{NO-BREAK SPACE}", "…")
FILLER = "没收违法所得并处罚款".encode() * 300
"""Longer than what makes joints dense."""


def joined(value: str) -> Iterator[str]:
    """A value with separators at one place, at two, everywhere, and far apart."""
    for between in SEPARATED:
        for at in range(1, len(value)):
            yield value[:at] + between + value[at:]
        yield between.join(value)
        yield between + value + between
        middle = len(value) // 2
        yield value[:middle] + "•\n" + value[middle:]
        yield " " * 99 + (" " * 99).join(value[:middle]) + between + ("-" * 99).join(value[middle:])


@pytest.mark.parametrize("name", ["phone", "id", "name"])
def test_separators_of_several_bytes_in_long_texts(name: str) -> None:
    for text in joined(VALUES[name]):
        for form in dict.fromkeys((text, text.upper())):
            content = FILLER + form.encode() + FILLER
            assert wrong(content, size=1 << 18) is None, form
            assert name in by_scan(content, size=1 << 18), form


def test_separators_at_the_ends_of_a_text() -> None:
    for name in ("phone", "name"):
        for text in joined(VALUES[name]):
            for content in (FILLER + text.encode(), text.encode() + FILLER):
                assert name in by_scan(content, size=1 << 18), text


def test_many_separators_are_searched_as_one_text() -> None:
    content = "：".join("一二三四五" * 900).encode() + b"\n" + "—".join(VALUES["phone"]).encode()
    assert by_scan(content, size=1 << 18) == {"phone": {1}}
    assert len(pieces_of("9：".encode() * 900, (b"9999",))) == 900 * 4


def test_joined_values_are_on_their_lines() -> None:
    lines = [FILLER] * 9
    lines[3], lines[6] = (
        FILLER + "—".join((v[:2], v[2:])).encode() for v in (VALUES["phone"], VALUES["name"])
    )
    assert by_scan(b"\n".join(lines), size=1 << 18) == {"phone": {3}, "name": {6}}


@cache
def oddities() -> RareReadingFinder:
    return RareReadingFinder(frozenset(), frozenset())


def pieces_of(content: bytes, patterns: tuple[bytes, ...]) -> bytes:
    found = oddities().places(content)
    if not len(found.left_out):
        return b""
    return SeparatorRuns(patterns).fragments(content, found.left_out).content


def test_only_what_may_go_on_is_searched_again() -> None:
    patterns = (b"13812345678", "欧阳娜娜".encode())
    content = f"电话：{'x' * 99}138：12345678{'x' * 99}欧—阳".encode()
    pieces = [each.strip(b"x") for each in pieces_of(FILLER + content + FILLER, patterns).split(b"\xff")]
    assert len(pieces) == 2
    assert b"138 " in pieces[0]
    assert "欧".encode() in pieces[1]
    assert pieces_of(FILLER + "没收——违法：所得".encode() + FILLER, patterns) == b""


def test_pieces_hold_every_hit_that_joins() -> None:
    """Bytes drawn so that separators, guises and their parts meet in every way."""
    random, patterns = Random(4), (b"abcd", b"dbac", b"aaaaaaab")
    joined_hits = 0
    for _ in range(2000):
        text = "".join(random.choices("aAbcdx —：\n", (9, 2, 5, 5, 5, 1, 2, 1, 1, 1), k=60)).encode()
        content = FILLER * 2 + text + FILLER * 2
        unbroken = content.replace("—".encode(), b" ").replace("：".encode(), b" ")
        folded_pieces, had = fold(pieces_of(content, patterns)), fold(content)
        for pattern in patterns:
            if pattern in fold(unbroken) and pattern not in had:
                joined_hits += 1
                assert pattern in folded_pieces
    assert joined_hits > 50


def test_pieces_reach_as_far_as_a_guise() -> None:
    for gap in range(20):
        for cut in range(1, 8):
            before, after = (("_" * gap).join(part) for part in ("abcdefgh"[:cut], "abcdefgh"[cut:]))
            content = FILLER + f"{before}—{after}".encode() + FILLER
            assert b"abcdefgh" in fold(pieces_of(content, (b"abcdefgh",)))


def test_odd_characters_at_the_borders_of_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    value_set = patterns_of(VALUES)
    odd, plain = (
        RareReadingFinder(value_set.text_bytes, value_set.adjacent),
        make_matcher(value_set.patterns[:9]).plain,
    )
    content = b"\n".join(Random(7).sample(plants(), 200))
    all_places = odd.places(content)
    assert len(all_places.changed)
    assert len(all_places.left_out)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr("conformance.data.scan.rare_readings._CHUNK", size)
        for chunk_places in (odd.places(content), odd.places(content, plain)):
            assert sorted(chunk_places.changed) == sorted(all_places.changed)
            assert list(chunk_places.left_out) == list(all_places.left_out)


def test_what_is_no_suspect_is_read_in_one_way() -> None:
    plain = make_matcher((b"none",)).plain
    for byte in range(256):
        octet = bytes([byte])
        suspect = re.fullmatch(SUSPECTS, octet) is not None
        assert plain(b"abc" + octet) is not suspect
        assert bool(len(_suspect_offsets(np.array([byte], np.uint8)))) is suspect
    points = (chr(n) for n in range(0x80, 0x110000) if not 0xD800 <= n < 0xE000)
    unsuspected = "".join(c for c in points if not re.match(SUSPECTS, c.encode()))
    assert len(unsuspected) == 0xA000 - 0x4000
    assert squeeze(unicodedata.normalize("NFKC", unsuspected)) == unsuspected == unsuspected.lower()


def test_places_of_hits() -> None:
    content = b"--a-b c\0d" * 3
    shown = FoldedView(content)
    at = [place for _, place in shown.in_block([(0, end) for end in range(1, len(shown.bytes) + 1)])]
    assert bytes(content[place] for place in at) == shown.bytes == b"abcd" * 3


def test_blocks_of_long_lines_hold_every_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where lines are cut, where they are almost cut, and where reading grows with what is kept."""
    longest = 40
    monkeypatch.setattr("conformance.data.scan.blocks.LONGEST", longest)
    random = Random(3)
    for turn in range(200):
        monkeypatch.setattr("conformance.data.scan.blocks.SIZE", random.choice((64, 1 << 18)))
        lengths = random.choices((0, 1, 18, 19, 20, 38, 39, 40, 41, 79, 80, 300), k=30)
        content = b"".join(b"x" * n + b"\n" for n in lengths)[: -1 if turn % 2 else None]
        content_blocks = list(blocks(io.BytesIO(content), random.randrange(1, 300)))
        overlaps = (one.offset + len(one.data) - other.offset for one, other in pairwise(content_blocks))
        assert max(overlaps, default=0) <= (WINDOW - 1) * longest
        cuts = _cuts(content, longest)
        for first, at in enumerate(cuts):
            end = [*cuts, len(content)][min(first + WINDOW, len(cuts))]
            holders = [b for b in content_blocks if b.offset <= at and end <= b.offset + len(b.data)]
            assert any(at - b.offset in b.starts() for b in holders)
            assert all(b.number(at - b.offset) == content.count(b"\n", 0, at) + 1 for b in holders)


def _cuts(content: bytes, longest: int) -> list[int]:
    offsets: list[int] = []
    at = 0
    for line in content.splitlines(keepends=True):
        offsets += range(at, at + len(line), longest)
        at += len(line)
    return offsets


def test_four_numerals_are_not_searched() -> None:
    made = patterns_of({"id": "990101199501012023"})
    assert not [each for each in made.patterns if each in fold("二〇二三年".encode())]
