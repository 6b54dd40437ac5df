"""Names that say nothing by themselves, counted by room: `python -m tests.repository.names [ROOM]`.

A vague name is a variable, a parameter or a member of a class that consists of one participle, pronoun or
adverb (`found`, `one`, `there`; `vague_names.txt`) and is visible on more than `SCOPE_LINES` lines.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.repository.tracked import shown, tracked

SCOPE_LINES = 5
VAGUE = frozenset(
    line
    for line in Path(__file__).with_name("vague_names.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = Function | ast.ClassDef | ast.Module | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it is bound."""

    text: str
    line: int
    scope_lines: int
    """Lines on which it is visible."""

    @property
    def is_vague(self) -> bool:
        return self.text.strip("_") in VAGUE and self.scope_lines > SCOPE_LINES


def room_of(path: str) -> str:
    """The package of a file: two levels deep, three in `conformance/data` and in tests."""
    parts = path.split("/")[:-1]
    depth = 3 if parts[:2] == ["conformance", "data"] or parts[:1] == ["tests"] else 2
    return "/".join(parts[:depth]) or "."


def bound_names(tree: ast.Module) -> Iterator[Name]:
    """Every variable, parameter and member that a module binds."""
    yield from _bound(tree, tree, _line_count(tree))


def _line_count(node: ast.AST) -> int:
    if isinstance(node, ast.Module):
        return (node.body[-1].end_lineno or 0) if node.body else 0
    return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1


def _bound(node: ast.AST, scope: Scope, lines: int) -> Iterator[Name]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield Name(child.id, child.lineno, lines)
        elif isinstance(child, ast.arg):
            yield Name(child.arg, child.lineno, lines)
        elif isinstance(child, ast.ExceptHandler) and child.name:
            yield Name(child.name, child.lineno, _line_count(child))
        if isinstance(child, Scope):
            yield from _bound(child, child, _line_count(child))
        else:
            yield from _bound(child, scope, lines)


@dataclass(frozen=True, slots=True)
class Census:
    """Names by room."""

    bound: Counter[str]
    vague: dict[str, list[str]]
    """`file:line name`."""

    def share(self, room: str) -> float:
        """Vague names of a room among all that it binds, from 0 to 1."""
        return len(self.vague.get(room, ())) / self.bound[room]


def census(paths: tuple[Path, ...]) -> Census:
    """The names that some files bind."""
    bound: Counter[str] = Counter()
    vague: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        room = room_of(shown(path))
        for name in bound_names(ast.parse(path.read_text("utf-8"))):
            bound[room] += 1
            if name.is_vague:
                vague[room].append(f"{shown(path)}:{name.line} {name.text}")
    return Census(bound, vague)


def main(rooms: list[str]) -> None:
    """Print the share of each room, or the vague names of the rooms that are given."""
    names = census(tracked("*.py"))
    for room in rooms:
        print("\n".join(names.vague.get(room, ())))  # noqa: T201
    if not rooms:
        for room in sorted(names.bound):
            print(f"{names.share(room):7.2%} {len(names.vague.get(room, ())):5} {room}")  # noqa: T201
        everything = sum(map(len, names.vague.values())), names.bound.total()
        print(f"{everything[0] / everything[1]:7.2%} {everything[0]:5} all")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
