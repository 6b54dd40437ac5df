"""One compiler: from an item's schema and rules to a plan that every engine carries out."""

from conformance.bulk.plan.compile import Plan, compile_plan
from conformance.bulk.plan.terms import Term

__all__ = ["Plan", "Term", "compile_plan"]
