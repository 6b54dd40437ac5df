"""The files of a delivery: which there are, and their rows as batches whatever they are written in."""

from conformance.data.files.column_layout import Layout, layout
from conformance.data.files.delivery import Compression, Delivery, File, Format
from conformance.data.files.discover import discover
from conformance.data.files.errors import ReadErrors
from conformance.data.files.read import head, read
from conformance.data.files.settings import Progress, Settings
from conformance.data.files.splits import Split, lines, splits, whole

__all__ = [
    "Compression",
    "Delivery",
    "File",
    "Format",
    "Layout",
    "Progress",
    "ReadErrors",
    "Settings",
    "Split",
    "discover",
    "head",
    "layout",
    "lines",
    "read",
    "splits",
    "whole",
]
