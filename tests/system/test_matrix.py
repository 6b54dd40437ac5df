"""All checks against some wrong platforms: what is named fails, nothing that may not."""

from collections.abc import Mapping

import pytest

from conformance.selftest import matrix, worker_pool
from conformance.selftest.mutants import mutants

CHOSEN = (
    "the_enterprise_speaks_for_its_people",
    "suspension_is_only_filed",
)
"""One that only certain records show, and one whose cases run alone; `make selftest` takes all mutants."""


@pytest.fixture(scope="module")
def rows() -> Mapping[str, matrix.Row]:
    known = {mutant.name: mutant for mutant in mutants()}
    order = worker_pool.Order(all_checks=True, jobs=4, workers=1, root=None, most=1)
    return {row.mutant: row for row in worker_pool.examined([known[name] for name in CHOSEN], order)}


@pytest.mark.parametrize("name", CHOSEN)
def test_only_the_broken_requirement_fails(name: str, rows: Mapping[str, matrix.Row]) -> None:
    row = rows[name]
    assert row.caught_by
    assert row.unexpected == ()
    assert row.errored == ()
