"""Search for known sensitive values in files of any kind and size, in every encoding of the leak oracle."""

from conformance.data.scan.files import FileOccurrence, UnreadFile, files_below, scan_file
from conformance.data.scan.search import Occurrence, UnsearchableError, ValueSearch

__all__ = [
    "FileOccurrence",
    "Occurrence",
    "UnreadFile",
    "UnsearchableError",
    "ValueSearch",
    "files_below",
    "scan_file",
]
