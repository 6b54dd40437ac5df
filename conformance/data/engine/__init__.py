"""Embedded engine: evaluation of row plans over columns, on one machine."""

from conformance.data.engine.evaluate import Acceptor

__all__ = ["Acceptor"]
