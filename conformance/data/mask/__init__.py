"""Masking: the rows of files as an audience may see them, by column where that is proved to be right."""

from conformance.data.mask.columns import MaskedBatch, mask
from conformance.data.mask.plan import MaskPlan, compile_plan
from conformance.data.mask.read import open_source, output_paths
from conformance.data.mask.request import DisclosureRequest
from conformance.data.mask.write import MaskCounts, Source, disclose_file

__all__ = [
    "DisclosureRequest",
    "MaskCounts",
    "MaskPlan",
    "MaskedBatch",
    "Source",
    "compile_plan",
    "disclose_file",
    "mask",
    "open_source",
    "output_paths",
]
