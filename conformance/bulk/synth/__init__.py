"""Rows of any item in any number, valid or wrong in a known way: a function of seed and row number alone."""

from conformance.bulk.synth.deliver import Delivered, deliver
from conformance.bulk.synth.kinds import KINDS
from conformance.bulk.synth.order import Format, Layout, Order, OrderError

__all__ = ["KINDS", "Delivered", "Format", "Layout", "Order", "OrderError", "deliver"]
