"""Files of a delivery: discovery, and readers that yield batches of rows for every supported format."""

from conformance.data.files.column_layout import Layout, layout
from conformance.data.files.delivery import Compression, Delivery, File, FileFormat
from conformance.data.files.discover import discover
from conformance.data.files.errors import ReadErrors
from conformance.data.files.read import head, read
from conformance.data.files.settings import Progress, ReadSettings
from conformance.data.files.splits import Split, lines, splits, whole

__all__ = [
    "Compression",
    "Delivery",
    "File",
    "FileFormat",
    "Layout",
    "Progress",
    "ReadErrors",
    "ReadSettings",
    "Split",
    "discover",
    "head",
    "layout",
    "lines",
    "read",
    "splits",
    "whole",
]
