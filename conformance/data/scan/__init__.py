"""Known sensitive values in files of any kind and size, in every guise that the leak search knows."""

from conformance.data.scan.files import Place, Unread, files_below, scan_file
from conformance.data.scan.search import Found, Search, UnsearchableError

__all__ = ["Found", "Place", "Search", "Unread", "UnsearchableError", "files_below", "scan_file"]
