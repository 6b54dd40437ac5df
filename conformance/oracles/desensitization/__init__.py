"""Desensitization as the standard means it: from type, kind and value to the only right disclosed value."""

from conformance.oracles.desensitization.engine import Disclosed, apply, run

__all__ = ["Disclosed", "apply", "run"]
