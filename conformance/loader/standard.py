"""Loading the whole standard into frozen values."""

from datetime import date
from pathlib import Path

from conformance.loader.api import api, provider_api
from conformance.loader.checklists import checklists
from conformance.loader.lint.run import problems_of
from conformance.loader.problem import StandardErrors
from conformance.loader.root import root as find_root
from conformance.loader.rules import EDITION, clauses, desensitization, profiles, requirements, terms
from conformance.loader.shapes import CALENDAR, CODES, code_sets, formats, text
from conformance.loader.tree import Tree, read_tree
from conformance.model.standard import Standard


def load_standard(root: Path | None = None) -> Standard:
    """The standard below a root. Raises StandardErrors with everything that is wrong with it."""
    tree = read_tree(find_root(root))
    problems = problems_of(tree)
    if problems:
        raise StandardErrors(tuple(problems))
    return build(tree)


def build(tree: Tree) -> Standard:
    """The values of a tree without problems."""
    versions, edition = checklists(tree), tree.value(EDITION)
    return Standard(
        version=edition["version"],
        issued=date.fromisoformat(edition["date"]),
        status=text(edition["status"]),
        digest=tree.digest,
        clauses=clauses(tree),
        requirements=requirements(tree),
        profiles=profiles(tree),
        terms=terms(tree),
        checklist=versions.national[0],
        checklists=versions,
        as_of=versions.national[0].effective_from,
        codes=code_sets(tree),
        formats=formats(tree),
        desensitization=desensitization(tree),
        api=api(tree),
        provider_api=provider_api(tree),
        reserved=tree.value(f"{CODES}/reserved.yaml", {}),
        holidays=tree.value(CALENDAR, {}),
    )
