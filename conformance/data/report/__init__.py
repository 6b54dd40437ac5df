"""Reports of checked deliveries: one result document, and renderings made from it alone."""

from conformance.data.report.build import About, delivery_document
from conformance.data.report.document import DeliveryDocument
from conformance.data.report.html import render_html
from conformance.data.report.junit import render_junit
from conformance.data.report.table import render_csv
from conformance.data.report.terminal import render_terminal

__all__ = [
    "About",
    "DeliveryDocument",
    "delivery_document",
    "render_csv",
    "render_html",
    "render_junit",
    "render_terminal",
]
