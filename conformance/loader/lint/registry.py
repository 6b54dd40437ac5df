"""Rules of the lint: small functions over a tree, each marked with its id and collected from this package."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from conformance.loader.problem import Problem, problem
from conformance.loader.tree import Tree

Check = Callable[[Tree], Iterable[Problem]]
_FOREIGN_SHAPES = (LookupError, TypeError, AttributeError, ValueError)


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule that a standard has to obey."""

    id: str
    check: Check
    description: str
    """The first line of the docstring of the function."""
    per_file: bool
    """Judges files one by one; files that break such a rule take no part in the other rules."""

    def problems(self, tree: Tree) -> Iterator[Problem]:
        """Violations, each with the id of the rule; an unforeseen shape is a problem, not a crash."""
        try:
            for found in self.check(tree):
                yield replace(found, rule=self.id)
        except _FOREIGN_SHAPES as error:
            reason = f"{type(error).__name__}: {error}"
            unforeseen = problem("schemas", "", "", "unforeseen", check=self.id, reason=reason)
            yield replace(unforeseen, rule=self.id)


_RULES: list[LintRule] = []


def rule(identifier: str, *, per_file: bool = False) -> Callable[[Check], Check]:
    """Mark a function as a rule of the lint.

    The function yields the problems of a tree; nothing else has to be edited to add it:

        @rule("format-unique")
        def format_unique(tree: Tree) -> Iterator[Problem]:
            \"\"\"Names of formats are unique.\"\"\"
            yield from duplicates(format_names(tree))
    """

    def register(check: Check) -> Check:
        description = (check.__doc__ or "").partition("\n")[0]
        _RULES.append(LintRule(identifier, check, description, per_file))
        return check

    return register


@cache
def rules() -> tuple[LintRule, ...]:
    """All rules of this package, by module and line."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        import_module(module.name)
    return tuple(_RULES)
