"""The gap between the checklist and what a platform has: as tables, a workbook, or CSV files."""

from conformance.gap.catalog import CatalogError, Served, read_catalog
from conformance.gap.compare import Comparison, ItemState, compare
from conformance.gap.files import GapFileError, write_gap
from conformance.gap.tables import Facts, tables

__all__ = [
    "CatalogError",
    "Comparison",
    "Facts",
    "GapFileError",
    "ItemState",
    "Served",
    "compare",
    "read_catalog",
    "tables",
    "write_gap",
]
