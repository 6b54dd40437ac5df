"""The folder of a checked delivery: the reports that are written into it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.cli.shared.run_folder import new_folder, write_renderings
from conformance.data import report
from conformance.model.text import Lang

__all__ = ["new_folder", "write_delivery"]


def write_delivery(folder: Path, document: Mapping[str, Any], lang: Lang) -> dict[str, Path]:
    """All renderings of the result document of a checked delivery, by file name."""
    others = {
        "junit.xml": report.render_junit(document, lang),
        "rules.csv": report.render_csv(document, lang),
    }
    return write_renderings(folder, document, lang, report.render_html, others)
