"""Synthetic rows of any item, valid or faulty in a known way: a function of seed and row number alone."""

from conformance.data.synth.fault_kinds import KINDS
from conformance.data.synth.request import OutputFormat, RowLayout, SynthRequest, SynthRequestError
from conformance.data.synth.write import Delivered, deliver

__all__ = ["KINDS", "Delivered", "OutputFormat", "RowLayout", "SynthRequest", "SynthRequestError", "deliver"]
