"""Rules over the profiles and what they extend."""

from collections.abc import Iterator, Mapping

from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.rules import PROFILES
from conformance.loader.tree import Tree


@rule("profile-id-unique")
def id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of profiles are unique."""
    rows = enumerate(tree.value(PROFILES, []))
    yield from duplicates((Place(tree, PROFILES, (n, "id")), row["id"]) for n, row in rows)


@rule("profile-base-known")
def base_known(tree: Tree) -> Iterator[Problem]:
    """Profiles extend profiles that exist."""
    bases = _bases(tree)
    for n, (name, names) in enumerate(bases.items()):
        yield from Place(tree, PROFILES, (n, "extends"), name).unknown("profile", names, bases)


@rule("profile-circular")
def circular(tree: Tree) -> Iterator[Problem]:
    """No profile extends itself, directly or through others."""
    bases = _bases(tree)
    for n, name in enumerate(bases):
        if name in _ancestors(bases[name], bases):
            yield Place(tree, PROFILES, (n, "extends"), name).problem("circular", name=name)


def _bases(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    return {p["id"]: tuple(p.get("extends", ())) for p in tree.value(PROFILES, [])}


def _ancestors(names: tuple[str, ...], bases: Mapping[str, tuple[str, ...]]) -> set[str]:
    ancestors: set[str] = set()
    queue = list(names)
    while queue:
        base = queue.pop()
        queue += () if base in ancestors else bases.get(base, ())
        ancestors.add(base)
    return ancestors
