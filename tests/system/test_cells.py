"""Every cell of the disclosure matrix is met by a case, and a platform that is wrong in one is noticed.

`make selftest` tries every wrong matrix; here the cells are all looked for, and a sample of them is wrong.
"""

import pytest

from conformance.selftest import matrix_sweep
from conformance.selftest.trial import Suite

pytestmark = pytest.mark.timeout(900)
EVERY = 6
"""One wrong matrix in so many is tried."""


@pytest.fixture(scope="module")
def report(suite: Suite) -> matrix_sweep.Report:
    return matrix_sweep.examine(suite, every=EVERY)


def test_every_cell_is_met_by_a_case(report: matrix_sweep.Report) -> None:
    assert len(report.cells) >= 90
    assert report.unmet == ()


def test_wrong_matrices_are_noticed(report: matrix_sweep.Report) -> None:
    assert [(one.change.name, one.case) for one in report.missed] == []
    assert sum(one.caught for one in report.outcomes) >= 20
    assert {one.change.requirement for one in report.outcomes if one.caught} == {"DES-001", "DES-007"}


def test_a_cell_that_nothing_meets_would_be_seen(report: matrix_sweep.Report) -> None:
    without = {place: found for place, found in report.met.items() if place != report.cells[0]}
    assert matrix_sweep.Report(report.cells, without, report.outcomes).unmet == (report.cells[0],)


def test_a_cell_without_a_noticed_change_would_be_seen(report: matrix_sweep.Report) -> None:
    place = next(one.change.place for one in report.outcomes if one.caught)
    left = tuple(one for one in report.outcomes if one.change.place != place)
    assert place not in report.unnoticed
    assert place in matrix_sweep.Report(report.cells, report.met, left).unnoticed
