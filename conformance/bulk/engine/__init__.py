"""The embedded engine: a plan over columns, on one machine."""

from conformance.bulk.engine.evaluate import Acceptor

__all__ = ["Acceptor"]
