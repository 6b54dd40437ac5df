"""One compiler: from an item's schema and rules to a plan that every engine carries out."""

from conformance.data.plan.ast import Term
from conformance.data.plan.compile import RowPlan, compile_plan

__all__ = ["RowPlan", "Term", "compile_plan"]
