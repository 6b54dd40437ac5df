"""Desensitization: thirteen pure operators, and the order in which the rule of a type applies one."""

from reference_impl.desensitization.engine import Desensitization, Disclosed
from reference_impl.desensitization.model import Cell, Context, OperatorCall, TypeRule
from reference_impl.desensitization.tables import Division, Tables

__all__ = [
    "Cell",
    "Context",
    "Desensitization",
    "Disclosed",
    "Division",
    "OperatorCall",
    "Tables",
    "TypeRule",
]
