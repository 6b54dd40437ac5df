"""Reports: one result document, and renderings of it that read nothing else."""

from conformance.reports.changes import render_comparison
from conformance.reports.comparison import compare, same_platform, worse
from conformance.reports.document import result_document, run_id
from conformance.reports.html import render_html
from conformance.reports.junit import render_junit
from conformance.reports.terminal import render_terminal

__all__ = [
    "compare",
    "render_comparison",
    "render_html",
    "render_junit",
    "render_terminal",
    "result_document",
    "run_id",
    "same_platform",
    "worse",
]
