"""The files of a delivery: which there are, and their rows as batches whatever they are written in."""

from conformance.bulk.files.delivery import Compression, Delivery, File, Format
from conformance.bulk.files.discover import discover
from conformance.bulk.files.errors import ReadErrors
from conformance.bulk.files.layout import Layout, layout
from conformance.bulk.files.reading import head, read
from conformance.bulk.files.settings import Progress, Settings
from conformance.bulk.files.splits import Split, lines, splits, whole

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
