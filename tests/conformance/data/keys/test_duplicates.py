"""Keys that occur again are found exactly, also where hashes are equal by chance and files are many."""

from random import Random

import polars as pl
import pytest

from conformance.data.keys import duplicates, spill
from conformance.data.keys.duplicates import Repeats
from conformance.data.keys.spill import KeySpill
from tests.conformance.data.unique_rows import COLUMNS, alike, frames, repeated_places


def places(found: Repeats | KeySpill) -> set[tuple[int, int]]:
    return {row for frame in found.repeated() for row in frame.rows()}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [Repeats, KeySpill])
def test_later_places_of_a_key(
    kind: type[Repeats | KeySpill], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (spill, duplicates):
        monkeypatch.setattr(module, "_BUFFERED", 50)
    key_frames = frames(Random(seed), 300, 7)
    with kind(COLUMNS) as key_spill:
        for frame in key_frames:
            key_spill.add(frame)
        assert places(key_spill) == repeated_places(key_frames)
    assert not key_spill.folder.exists()


@pytest.mark.parametrize("kind", [Repeats, KeySpill])
def test_equal_hashes_are_no_equal_keys(
    kind: type[Repeats | KeySpill], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pl.DataFrame, "hash_rows", lambda self, **_: alike(self))
    key_frames = frames(Random(9), 200, 50)
    with kind(COLUMNS) as key_spill:
        for frame in key_frames:
            key_spill.add(frame)
        assert places(key_spill) == repeated_places(key_frames)


def test_no_keys_are_none_again() -> None:
    with Repeats(COLUMNS) as key_spill:
        assert places(key_spill) == set()


def test_what_another_lacks() -> None:
    key_frames = frames(Random(2), 100, 30)
    with KeySpill(COLUMNS) as referring, KeySpill(COLUMNS) as referenced:
        for frame in key_frames:
            referring.add(frame)
            referenced.add(frame.filter(pl.col("#subject") < "s3"))
        absent_rows = {row for frame in referring.absent_from(referenced) for row in frame.rows()}
    expected = {row[:2] for frame in key_frames for row in frame.rows() if not row[2] < "s3"}
    assert absent_rows == expected
