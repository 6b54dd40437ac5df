"""Reports: one result document, and renderings of it that read nothing else."""

from conformance.results.build import result_document, run_id
from conformance.results.comparison import compare, same_platform, worse
from conformance.results.diff_view import render_comparison
from conformance.results.document import ResultDocument
from conformance.results.html import render_html
from conformance.results.junit import render_junit
from conformance.results.terminal import render_terminal

__all__ = [
    "ResultDocument",
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
