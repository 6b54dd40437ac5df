from math import inf
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.mask.charsets import charset_pattern, normal_charsets
from conformance.data.mask.kernels.bytes import utf8
from conformance.data.mask.kernels.bytes.utf8 import CharsetGuard, utf8_buffer
from tests.conformance.data.mask.batch_samples import HOSTILE
from tests.conformance.data.mask.bytes.kernel_samples import ODD, RULES

CHARSETS = [normal_charsets(form, RULES.tables) for form in ("text", "name", "id")]
CHARSETS += [
    (frozenset(range(0x20, 0x7F)), frozenset(range(0x30, 0x3A))),
    (frozenset(range(0x3001, 0x4000)), frozenset(range(0x3400, 0x4000))),  # no ASCII at all; other ends
    (frozenset(range(0x4FC0, 0x5001)), frozenset(range(0x4FC0, 0x5001))),
    (frozenset(range(0x4E01, 0x9FA6)), frozenset(range(0x4E01, 0x9FA6))),
    (frozenset({*range(0x4000, 0x403F), *range(0x4080, 0x40FF)}), frozenset(range(0x4080, 0x40FF))),
    (frozenset({*range(0x30, 0x3A), *range(0x7F0, 0x1100)}), frozenset({*range(0x30, 0x3A), 0x800})),
    (frozenset({0x61, 0x4E2D}), frozenset({0x61, 0x4E2D})),
]
EDGES = (0x4DFF, 0x4E00, 0x9FFF, 0xA000, 0x2FFF, 0x3001, 0x3100, 0x3400, 0x4FC0, 0x7FF, 0x800, 0xFFF, 0x1000)


def told_by(every: frozenset[int], ends: frozenset[int]) -> CharsetGuard:
    return CharsetGuard(every, ends, charset_pattern(every, ends))


@pytest.mark.parametrize("sets", CHARSETS, ids=range(len(CHARSETS)))
@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(
        st.none()
        | st.text(st.sampled_from([*"a05 ~中一龥", *ODD[1:], *map(chr, EDGES)]), max_size=9)
        | st.sampled_from([value for value in HOSTILE if isinstance(value, str) and value.isprintable()]),
        max_size=30,
    ),
    common=st.sampled_from(["0", "中中", "a 0", "一龥 ~中a"]),
)
def test_it_says_what_its_pattern_says(sets: Any, texts: list[str | None], common: str) -> None:
    told = told_by(*sets)
    series = pl.Series("it", [*texts, *[common] * 150], pl.String)  # else the pattern alone would be asked
    assert told(series).to_list() == series.str.contains(told.pattern).to_list()


@pytest.mark.parametrize("sets", CHARSETS, ids=range(len(CHARSETS)))
def test_every_character_in_every_place(sets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utf8, "_MAX_UNCLEAR", inf)  # bytes are looked at whatever there is
    matcher, middle = told_by(*sets), chr(max(sets[1]))
    points = {*range(0x600), *range(0x700, 0x1100), *range(0x2F00, 0x5200), *range(0x9E00, 0xA100), 0x20000}
    every = [chr(point) for point in sorted(points | {*range(0xFE00, 0x10000)})]
    texts = pl.Series(
        [form.replace("?", c).replace("m", middle) for c in every for form in ("?", "?m", "m?", "m?m")]
    )
    assert matcher(texts).to_list() == texts.str.contains(matcher.pattern).to_list()


def test_most_characters_are_known_by_their_bytes() -> None:
    texts = pl.Series([chr(point) for point in sorted(CHARSETS[0][0])])
    unclear = CharsetGuard(*CHARSETS[0], "")._byte_charset.unclear(utf8_buffer(texts).data)
    assert (
        len({texts[int(row)] for row in utf8_buffer(texts).rows(unclear)}) < 140
    )  # of 21,000: other punctuation


@pytest.mark.parametrize("shift", range(3))
def test_characters_across_the_ends_of_blocks(shift: int) -> None:
    matcher = told_by(*CHARSETS[0])
    for before in range(21_843, 21_848):  # about 65,536 bytes
        begin, end = "a" * shift + "中" * before, "中" * 300
        for odd, fits in (
            ("丁", True),
            ("\u4dff", False),
            ("（", True),
            ("\u3000", False),
            ("\u200b", False),
        ):
            assert matcher(pl.Series([begin + odd + end, *["好"] * 40])).to_list() == [fits, *[True] * 40]


def test_every_place_of_a_block() -> None:
    told, random = told_by(*CHARSETS[0]), Random(0)
    for at in (0, 1, 65_534, 65_535, 65_536, 65_537, 131_071, 131_072, *random.choices(range(140_000), k=20)):
        text = "a" * at + "\x01" + "a" * (140_000 - at)
        assert told(pl.Series([text, *["b"] * 40])).to_list() == [False, *[True] * 40]


@pytest.mark.parametrize("texts", [[], [None], [""], ["", None, "a"], [" "], ["中"], ["\u4dff"]])
def test_few_texts(texts: list[str | None]) -> None:
    told = told_by(*CHARSETS[0])
    series = pl.Series("it", texts, pl.String)
    assert told(series).to_list() == series.str.contains(told.pattern).to_list()


def test_a_part_of_a_column() -> None:
    told = told_by(*CHARSETS[0])
    series = pl.Series("it", [" ", "\x01", *["b"] * 40, None, "中 "])
    assert told(series[1:]).to_list() == [False, *[True] * 40, None, False]
    assert told(pl.concat([series[2:], series[:2]])).to_list() == [*[True] * 40, None, False, False, False]
