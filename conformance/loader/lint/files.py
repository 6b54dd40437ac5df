"""Rules over single files: they can be read, and obey their meta-schemas."""

from collections.abc import Iterable

from conformance.loader.lint.registry import rule
from conformance.loader.meta import check_meta
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree


@rule("file-readable", per_file=True)
def file_readable(tree: Tree) -> Iterable[Problem]:
    """Files are YAML in UTF-8, without aliases, tags or duplicate keys."""
    return tree.problems


@rule("meta-schema", per_file=True)
def meta_schema(tree: Tree) -> Iterable[Problem]:
    """Files obey their meta-schemas, and none is missing."""
    return check_meta(tree)
