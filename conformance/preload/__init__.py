"""Bulk data of the suite: the data set that a platform loads before a run."""

from conformance.preload.export import Exported, export

__all__ = ["Exported", "export"]
