"""Plan compiler: from the schema and rules of an item to a plan that every engine executes."""

from conformance.data.plan.ast import Term
from conformance.data.plan.compile import RowPlan, compile_plan

__all__ = ["RowPlan", "Term", "compile_plan"]
