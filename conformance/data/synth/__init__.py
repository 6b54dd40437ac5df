"""Rows of any item in any number, valid or wrong in a known way: a function of seed and row number alone."""

from conformance.data.synth.fault_kinds import KINDS
from conformance.data.synth.request import Format, Layout, Order, OrderError
from conformance.data.synth.write import Delivered, deliver

__all__ = ["KINDS", "Delivered", "Format", "Layout", "Order", "OrderError", "deliver"]
