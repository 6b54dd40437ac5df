"""The only reader of the standard's files in the judge: strict, all errors at once, into frozen values."""

from conformance.loader.files import read_yaml
from conformance.loader.lint.run import lint, release_problems
from conformance.loader.mapping import load_mapping, mapping_names
from conformance.loader.problem import (
    FileErrors,
    MappingErrors,
    Problem,
    StandardErrors,
    TargetErrors,
    TrustErrors,
)
from conformance.loader.root import is_bundle, root
from conformance.loader.standard import load_standard
from conformance.loader.target import load_target

__all__ = [
    "FileErrors",
    "MappingErrors",
    "Problem",
    "StandardErrors",
    "TargetErrors",
    "TrustErrors",
    "is_bundle",
    "lint",
    "load_mapping",
    "load_standard",
    "load_target",
    "mapping_names",
    "read_yaml",
    "release_problems",
    "root",
]
