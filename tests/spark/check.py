"""Two workers on one machine find what one process finds; a failure leaves no result."""

from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from benchmarks.spark_cluster import cluster, settings
from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner, Options
from conformance.data.cluster import ClusterCheck, SparkError, open_session
from conformance.data.files import discover
from conformance.data.keys.partitions import Hashes, hashes
from tests.conformance.data.hostile_lines import lines, written
from tests.conformance.data.item_rows import rows, standard, wrong_rows
from tests.conformance.data.unique_rows import alike

BEGUN = datetime(2026, 11, 23, 9).astimezone()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with (
        cluster(workers=2) as address,
        open_session(address, settings(tmp_path_factory.mktemp("spark"))) as session,
    ):
        yield session


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several files of several formats, with hostile lines, keys that occur again, and what names nothing."""
    folder, random = tmp_path_factory.mktemp("delivery"), Random(3)
    penalties = [*rows("F09-02", random, 200), *wrong_rows("F09-02", random)]
    for number in range(3):
        texts = [written(row) for row in random.sample(penalties, 150)]
        texts += random.sample([*lines(penalties[number], random)], 200)
        (folder / f"F09-02_{number}.ndjson").write_bytes(b"\n".join(texts) + b"\n")
    for code in ("F08-01", "F08-02"):
        pl.DataFrame([*rows(code, random, 60)]).write_parquet(folder / f"{code}.parquet", row_group_size=20)
    (folder / "F04-05.csv").write_text("subject.uscc,determined_date\n,2021-2-3\n", "utf-8")
    (folder / "F04-04.parquet").write_bytes(b"PAR1 no table PAR1")
    return folder


def summary(check: DeliveryCheck) -> dict[str, Any]:
    for _ in check.run(lambda _: None):
        pass
    result = check.result
    return {
        "tallies": {
            code: (t.rows, t.bad, dict(t.rules), dict(t.samples), t.timeliness, t.latest, t.kinds)
            for code, t in result.tallies.items()
        },
        "files": {
            (code, n): (f.rows, f.bad) for code, t in result.tallies.items() for n, f in t.files.items()
        },
        "kinds": result.kinds,
        "problems": [(p.place, p.message.key) for p in result.problems],
        "complete": result.complete,
    }


@pytest.mark.parametrize("hashed", [hashes, alike])
def test_a_cluster_finds_what_one_machine_finds(spark: Any, delivery: Path, hashed: Hashes) -> None:
    delivery_files, examiner = discover([delivery]), Examiner(standard(), Options())
    alone = summary(DeliveryCheck(examiner, delivery_files, samples=4, started=BEGUN))
    together = summary(check_of(spark, delivery, size=40_000, hashed=hashed))
    assert {"unique", "certificate_no/reference"} <= {r for t in alone["tallies"].values() for r in t[2]}
    assert together == alone
    assert list(together["tallies"]) == list(alone["tallies"])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that take a moment each."""
    folder = tmp_path_factory.mktemp("large")
    for number in range(12):
        text = "subject.uscc,determined_date\n" + ",2021-2-3\n" * 40_000
        (folder / f"F04-05_{number}.csv").write_text(text, "utf-8")
    return folder


def check_of(spark: Any, folder: Path, **more: Any) -> ClusterCheck:
    examiner = Examiner(standard(), Options())
    return ClusterCheck(spark, examiner, discover([folder]), samples=4, started=BEGUN, **more)


def test_rows_and_octets_are_told_as_parts_are_done(spark: Any, large: Path) -> None:
    check, octets = check_of(spark, large), list[int]()
    row_counts = [rows for rows in check.run(octets.append) if rows]
    assert sum(row_counts) == 12 * 40_000
    assert len(row_counts) > 1
    assert sum(octets) == check.octets == sum(path.stat().st_size for path in large.iterdir())


def test_lines_that_are_counted_first_are_read_twice(spark: Any, delivery: Path) -> None:
    check, octets = check_of(spark, delivery), list[int]()
    row_count = sum(check.run(octets.append))
    assert row_count == sum(tally.rows for tally in check.result.tallies.values())
    lines = sum(path.stat().st_size for path in delivery.glob("*.ndjson"))
    assert check.octets == check.result.delivery.size + lines
    assert sum(octets) >= 2 * lines


def test_leaving_early_ends_what_runs(spark: Any, large: Path) -> None:
    check = check_of(spark, large)
    running = check.run(lambda _: None)
    next(rows for rows in running if rows)
    assert spark.sparkContext.statusTracker().getActiveJobsIds()
    assert isinstance(running, Generator)
    running.close()
    assert not spark.sparkContext.statusTracker().getActiveJobsIds()
    assert not check.result.complete


def test_both_workers_take_part(spark: Any) -> None:
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()  # the driver is one
    assert executors == 3


def test_an_executor_that_fails_leaves_no_result(spark: Any, delivery: Path) -> None:
    nowhere = check_of(spark, delivery, standard="/nowhere")
    with pytest.raises(SparkError) as failed:
        summary(nowhere)
    assert failed.value.message.key == "spark.failed"
    assert "/nowhere" in failed.value.message.args["error"]
    assert not nowhere.result.complete
