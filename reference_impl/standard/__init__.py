"""The exemplar's own reader of the standard: files become frozen values once, at start-up."""

from reference_impl.standard.catalogue import Catalogue, load
from reference_impl.standard.editions import Edition
from reference_impl.standard.items import ClassWhen, FieldSpec, ItemSpec
from reference_impl.standard.rejections import Rejection
from reference_impl.standard.root import root
from reference_impl.standard.source import StandardError

__all__ = [
    "Catalogue",
    "ClassWhen",
    "Edition",
    "FieldSpec",
    "ItemSpec",
    "Rejection",
    "StandardError",
    "load",
    "root",
]
