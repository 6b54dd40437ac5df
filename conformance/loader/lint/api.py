"""Rules over the OpenAPI documents of the platform-access API."""

from collections.abc import Iterable, Iterator

from conformance.loader.api import DOCUMENT, PROVIDER, api
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place
from conformance.loader.problem import Problem, StandardErrors
from conformance.loader.rules import EDITION
from conformance.loader.tree import Tree


@rule("api-readable")
def api_readable(tree: Tree) -> Iterable[Problem]:
    """The API can be read: references lead somewhere, operations have ids, answers have schemas."""
    try:
        api(tree)
    except StandardErrors as errors:
        return errors.problems
    return ()


@rule("api-version")
def api_version(tree: Tree) -> Iterator[Problem]:
    """The API documents have the version of the standard."""
    version = tree.value(EDITION, {}).get("version")
    for file in (DOCUMENT, PROVIDER):
        stated = tree.value(file, {}).get("info", {}).get("version")
        if version and stated and stated != version:
            place = Place(tree, file, ("info", "version"))
            yield place.problem("other_version", found=stated, expected=version, path=EDITION)
