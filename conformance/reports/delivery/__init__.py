"""Reports of checked deliveries: one result document, and renderings of it that read nothing else."""

from conformance.reports.delivery.document import About, delivery_document
from conformance.reports.delivery.html import render_html
from conformance.reports.delivery.junit import render_junit
from conformance.reports.delivery.table import render_csv
from conformance.reports.delivery.terminal import render_terminal

__all__ = [
    "About",
    "delivery_document",
    "render_csv",
    "render_html",
    "render_junit",
    "render_terminal",
]
