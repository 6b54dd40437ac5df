"""Desensitization: thirteen pure operators, and the order in which the rule of a type applies one."""

from reference_impl.desensitization.engine import Desensitization, Disclosed
from reference_impl.desensitization.model import Call, Cell, Context, Rule
from reference_impl.desensitization.tables import Division, Tables

__all__ = ["Call", "Cell", "Context", "Desensitization", "Disclosed", "Division", "Rule", "Tables"]
