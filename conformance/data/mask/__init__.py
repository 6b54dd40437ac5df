"""Disclosing the rows of files for an audience: columns at once, always as the standard says of each row."""

from conformance.data.mask.files import Tally, disclose_file
from conformance.data.mask.plan import Plan, compile_plan
from conformance.data.mask.reading import Source, opened, outputs
from conformance.data.mask.rows import Masked, mask
from conformance.data.mask.terms import Terms

__all__ = [
    "Masked",
    "Plan",
    "Source",
    "Tally",
    "Terms",
    "compile_plan",
    "disclose_file",
    "mask",
    "opened",
    "outputs",
]
