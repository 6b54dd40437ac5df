"""Keys of several parts of a delivery meet, and hashes alone make no row bad. No Spark is needed for it."""

from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

from conformance.data.check.batch import Examined
from conformance.data.check.file import Options, PartFindings
from conformance.data.cluster import compare_keys as comparison
from conformance.data.cluster import send_keys
from conformance.data.cluster.compare_keys import compare_keys
from conformance.data.cluster.messages import MessageKind, unpack_keys, unpack_places
from conformance.data.cluster.partition_count import bucket_count
from conformance.data.cluster.send_keys import KeySender
from conformance.data.cluster.work_units import Job, Link, links_of
from conformance.data.files.delivery import Compression, File, FileFormat
from conformance.data.keys.partitions import Hashes, hashes, trial
from conformance.model.shapes import Reference
from tests.conformance.data.item_rows import TODAY, standard
from tests.conformance.data.unique_rows import (
    COLUMNS,
    alike,
    different,
    frames,
    nearly_alike,
    repeated_places,
)

LINK = Link("OWN", Reference(("number",), "THEIRS", ("code",)))


def job(hashed: Hashes, count: int) -> Job:
    return Job(None, TODAY, "", Options(), (), 5, (LINK,), count, hashed, trial(hashed))


def sent_messages(key_job: Job, parts: list[PartFindings]) -> set[tuple[MessageKind, int, int]]:
    """Each batch is a part of its own; what they say together."""
    batches = []
    for number, findings in enumerate(parts):
        part = KeySender(key_job, number)
        batches += [*part.add(findings), *part.flush()]
    messages = [
        (row["kind"], *place)
        for batch in compare_keys(key_job)(batches)
        for row in batch.to_pylist()
        for place in unpack_places(row["data"]).rows()
    ]
    assert len(messages) == len(set(messages))
    return set(messages)


def findings_of(keys: pl.DataFrame, item: str = "OWN", names: tuple[str, ...] = ()) -> PartFindings:
    """The keys of a batch, or by its other columns what it names."""
    if names:
        return PartFindings(0, item, Examined(keys.height, (), keys.head(0), naming={names: keys}))
    return PartFindings(0, item, Examined(keys.height, (), keys))


@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("hashed", [hashes, alike, nearly_alike])
def test_later_places_of_a_key(hashed: Hashes, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_keys, "_MAX_PENDING", 20)
    key_frames = frames(Random(4), 300, 50)
    expected = {(MessageKind.REPEATED, *place) for place in repeated_places(key_frames)}
    assert len(expected) > 10
    assert sent_messages(job(hashed, count), [findings_of(keys) for keys in key_frames]) == expected


def test_different_keys_of_one_hash_are_no_repetition() -> None:
    keys = pl.DataFrame({"source": [0, 1], "line": [7, 3], **{name: ["s", "t"] for name in COLUMNS}})
    assert sent_messages(job(alike, 3), [findings_of(keys[:1]), findings_of(keys[1:])]) == set()


def test_keys_of_different_hashes_are_never_compared() -> None:
    keys = pl.DataFrame({"source": [0, 0], "line": [3, 7], **{name: ["s", "s"] for name in COLUMNS}})
    assert sent_messages(job(different, 1), [findings_of(keys)]) == set()
    assert sent_messages(job(hashes, 1), [findings_of(keys)]) == {(MessageKind.REPEATED, 0, 7)}


def test_a_key_leaves_its_part_once() -> None:
    key_frame = pl.DataFrame({"source": [0] * 9, "line": range(9), **{name: ["s"] * 9 for name in COLUMNS}})
    part = KeySender(job(hashes, 5), 3)
    batches = [*part.add(findings_of(key_frame)), *part.flush()]
    sent_rows = [row for batch in batches for row in batch.to_pylist()]
    assert [(row["kind"], len(unpack_places(row["data"]))) for row in sent_rows[:1]] == [
        (MessageKind.REPEATED, 8)
    ]
    assert [unpack_keys([row["data"]])["line"].to_list() for row in sent_rows[1:]] == [[0]]


@pytest.mark.parametrize("at_once", [1, 1 << 20])
@pytest.mark.parametrize("hashed", [hashes, alike, nearly_alike])
def test_names_of_rows_that_are_nowhere(
    hashed: Hashes, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "_MAX_COMPARED", at_once)
    referring = pl.DataFrame({"source": [1] * 4, "line": [1, 2, 3, 4], "number": ["a", "b", "c", "b"]})
    theirs = pl.DataFrame({"source": [0] * 2, "line": [1, 2], "code": ["a", "c"]})
    parts = [findings_of(referring[:2], "OWN", ("number",)), findings_of(referring[2:], "OWN", ("number",))]
    every = {(MessageKind.DANGLING, 1, line) for line in referring["line"]}
    assert sent_messages(job(hashed, 5), parts) == every
    parts.append(findings_of(theirs, "THEIRS", ("code",)))
    assert sent_messages(job(hashed, 5), parts) == {
        (MessageKind.DANGLING, 1, 2),
        (MessageKind.DANGLING, 1, 4),
    }


def test_only_items_that_a_delivery_may_have_are_compared() -> None:
    both = links_of(standard(), {"F08-01", "F08-02"})
    assert [(link.item, link.reference.item) for link in both] == [("F08-02", "F08-01")]
    assert set(both) <= set(links_of(standard(), {"records"}))
    assert not links_of(standard(), {"F08-02", "F09-02"})


def test_an_executor_with_other_hashes_is_refused() -> None:
    with pytest.raises(ValueError, match="Polars"):
        replace(job(hashes, 1), trial=trial(nearly_alike)).examiner()


@pytest.mark.parametrize(
    ("kind", "packing", "sizes", "wanted"),
    [
        (FileFormat.NDJSON, Compression.NONE, [], 1),
        (FileFormat.NDJSON, Compression.NONE, [300, 100], 1),
        (FileFormat.NDJSON, Compression.NONE, [300, 101], 2),
        (FileFormat.CSV, Compression.GZIP, [100], 4),
        (FileFormat.PARQUET, Compression.NONE, [100], 4),
        (FileFormat.NDJSON, Compression.NONE, [10**9], 4096),
    ],
)
def test_buckets_follow_the_size(
    kind: FileFormat, packing: Compression, sizes: list[int], wanted: int, tmp_path: Path
) -> None:
    files = [File(n, tmp_path, "", kind, packing, size) for n, size in enumerate(sizes)]
    assert bucket_count(files, 100) == wanted
