"""Docstrings of the public names of a file: which are missing, and which begin with a relative clause."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.repository.names import room_of
from tests.repository.tracked import shown

RELATIVE = re.compile(r"(?:What|Whether|Who|How|Where|Which|Whatever|Whoever|Wherever)\b")
"""How a docstring begins that does not name the thing."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass
class Census:
    """Docstrings by room."""

    total: Counter[str] = field(default_factory=Counter)
    relative: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def relative_share(self, room: str) -> float:
        """Share of docstrings that begin with a relative clause."""
        return len(self.relative.get(room, ())) / self.total[room]


def census(paths: tuple[Path, ...]) -> Census:
    """Docstrings of some files."""
    counted = Census()
    for path in paths:
        room, tree = room_of(shown(path)), ast.parse(path.read_text("utf-8"))
        for line, text in docstrings(tree):
            counted.total[room] += 1
            if RELATIVE.match(text):
                counted.relative.setdefault(room, []).append(f"{shown(path)}:{line}: {text}")
        for name, line in undocumented(tree):
            counted.missing.setdefault(room, []).append(f"{shown(path)}:{line}: {name}")
    return counted


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of the docstrings of a module: its own, of functions and classes, and below variables."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text.strip()


def undocumented(node: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, int]]:
    """Public functions, classes and methods without a docstring, with their lines."""
    for child in node.body:
        if not isinstance(child, Definition) or child.name.startswith("_") or is_exempt(child):
            continue
        if ast.get_docstring(child) is None:
            yield within + child.name, child.lineno
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, f"{within}{child.name}.")


def is_exempt(node: Definition) -> bool:
    """True for overloads and overrides, whose docstring stands at what they overload or override."""
    names = {d.id if isinstance(d, ast.Name) else getattr(d, "attr", "") for d in node.decorator_list}
    return bool(names & {"overload", "override"})
