"""Every cell of the disclosure matrix is met by a case, and a platform that is wrong in one is noticed."""

import pytest

from conformance.selftest import matrix_sweep
from conformance.selftest.trial import Suite

pytestmark = pytest.mark.timeout(900)
"""One fixture tries more than a hundred platforms."""


@pytest.fixture(scope="module")
def report(suite: Suite) -> matrix_sweep.Report:
    return matrix_sweep.examine(suite, thorough=False)


def test_every_cell_is_met_by_a_case(report: matrix_sweep.Report) -> None:
    assert len(report.cells) >= 90
    assert report.unmet == ()


def test_every_cell_has_a_wrong_matrix_that_is_noticed(report: matrix_sweep.Report) -> None:
    assert [(one.change.name, one.case) for one in report.missed] == []
    noticed = {one.change.place for one in report.outcomes if one.caught}
    assert set(report.cells) <= noticed


def test_a_cell_that_nothing_meets_would_be_seen(report: matrix_sweep.Report) -> None:
    without = {place: found for place, found in report.met.items() if place != report.cells[0]}
    assert matrix_sweep.Report(report.cells, without, report.outcomes).unmet == (report.cells[0],)
