"""Two workers on one machine find what one process finds, in the same order; a failure leaves no result."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.spark_cluster import cluster, settings
from conformance.bulk.spark import Job, SparkError, check, opened
from conformance.bulk.spark.splits import of_lines
from tests.spark import toy

JOB = Job("", "F09-02", {"key": "id"})


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with (
        cluster(workers=2) as address,
        opened(address, settings(tmp_path_factory.mktemp("spark"))) as session,
    ):
        yield session


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    random, folder = Random(1), tmp_path_factory.mktemp("files")
    paths = [folder / f"{n}.ndjson" for n in range(3)]
    for path in paths:
        rows = [{"id": f"k{random.randrange(20_000)}", "bad": random.random() < 0.01} for _ in range(5000)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return paths


def test_the_same_rows_are_found_in_the_same_order(spark: Any, files: list[Path]) -> None:
    splits = [split for source, path in enumerate(files) for split in of_lines(path, source, 20_000)]
    assert len(splits) > 15
    outcome = check(spark, toy.examine, JOB, splits)
    found = list(outcome.findings)
    assert found == toy.expected(files, "id")
    assert outcome.summary == {"rows": 15_000}
    assert sum(outcome.reasons.values()) == len(found) > 1000
    assert set(outcome.reasons) == {"toy/bad", "unique"}


def test_both_workers_take_part(spark: Any) -> None:
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()  # the driver is one
    assert executors == 3


def test_an_executor_that_fails_leaves_no_result(spark: Any, files: list[Path]) -> None:
    with pytest.raises(SparkError) as failed:
        check(spark, toy.failing, JOB, list(of_lines(files[0], 0)))
    assert failed.value.message.key == "spark.failed"


def test_nothing_to_do_is_nothing_wrong(spark: Any) -> None:
    outcome = check(spark, toy.examine, JOB, [])
    assert (list(outcome.findings), outcome.summary) == ([], {})
