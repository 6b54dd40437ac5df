"""What is measured of ours on files: the check of a delivery, with every place that it finds."""

from datetime import datetime
from pathlib import Path

import polars as pl

from benchmarks.material import TODAY, standard
from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner, Options, PartFindings
from conformance.data.files import discover

Places = set[tuple[int, str]]
"""Line (of a table, row; from 1) and reason, as the truth file names reasons."""


class _Collecting(DeliveryCheck):
    """Keeps all places, where a report shows the first of each rule."""

    places: Places

    def add(self, found: PartFindings) -> None:
        super().add(found)
        self.places |= {(bad.line, reason.rule) for bad in found.examined.bad for reason in bad.reasons}

    def add_repeated(self, code: str, places: pl.DataFrame) -> None:
        super().add_repeated(code, places)
        self.places |= {(line, "unique") for line in places["line"]}


def ours(path: Path) -> Places:
    """The check of this project on one core."""
    examiner = Examiner(standard().on(TODAY, ""), Options())
    check = _Collecting(examiner, discover([path]), samples=5, started=datetime.now().astimezone())
    check.places = set()
    for _ in check.run(lambda _: None):
        pass
    return check.places
