"""Rules over patterns, so that every regular-expression engine reads them alike."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.loader.files import Pointer
from conformance.loader.lint.annotations import TYPES
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.shapes import CHECKLIST, ELEMENTS
from conformance.loader.tree import Tree

_FORBIDDEN = (
    (re.compile(r"(?<!\\)(?:\\\\)*\\([dDwWsSpPbBAzZ])"), "class"),
    (re.compile(r"\(\?(?:[=!]|<[=!])"), "lookaround"),
    (re.compile(r"\(\?(?![:=!<])|\(\?<(?![=!])|\(\?P"), "group"),
    (re.compile(r"(?<!\\)(?:\\\\)*\\[1-9k]"), "backreference"),
    (re.compile(r"[*+?}]\+"), "possessive"),
)
_ANCHORED = (ELEMENTS, f"{CHECKLIST}/")
_WITH_PATTERNS = (*_ANCHORED, "schemas/api/")


@rule("pattern-anchored")
def anchored(tree: Tree) -> Iterator[Problem]:
    """Patterns of the shapes begin with `^` and end with `$`, except below `not`."""
    for place, pattern, inverted in tree.once(_of_shapes):
        if not inverted and place.file.startswith(_ANCHORED) and not _is_anchored(pattern):
            yield place.problem("pattern_open", found=pattern)


@rule("pattern-portable")
def portable(tree: Tree) -> Iterator[Problem]:
    """Patterns have no construct that engines lack or read in different ways."""
    for place, pattern in _patterns(tree):
        for construct, kind in _FORBIDDEN:
            match = construct.search(pattern)
            if match:
                yield place.problem("pattern_construct", construct=match[0], kind=kind)


@rule("pattern-valid")
def valid(tree: Tree) -> Iterator[Problem]:
    """Patterns are regular expressions."""
    for place, pattern in _patterns(tree):
        try:
            re.compile(pattern)
        except re.error as error:
            yield place.problem("pattern_broken", reason=str(error))


def _is_anchored(pattern: str) -> bool:
    return pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith(r"\$")


def _patterns(tree: Tree) -> Iterator[tuple[Place, str]]:
    """Patterns of the shapes, of the API and of the desensitization types."""
    for place, pattern, _ in tree.once(_of_shapes):
        yield place, pattern
    for name, operators in tree.value(TYPES, {}).items():
        for n, pattern in enumerate(operators["valid"]):
            yield Place(tree, TYPES, (name, "valid", n), name), pattern


def _of_shapes(tree: Tree) -> tuple[tuple[Place, str, bool], ...]:
    """Patterns of the shapes and of the API: place, text, and True below `not`."""
    return tuple(
        (Place(tree, file, at, str(at[1]) if len(at) > 2 else ""), pattern, inverted)
        for file, document in tree.documents.items()
        if file.startswith(_WITH_PATTERNS)
        for at, pattern, inverted in _within(document.value, ())
    )


def _within(node: Any, at: Pointer, *, inverted: bool = False) -> Iterator[tuple[Pointer, str, bool]]:
    """Patterns of a schema; those below `not` look for a forbidden character and need no anchors."""
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _within(part, (*at, n), inverted=inverted)
    elif isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield (*at, "pattern"), node["pattern"], inverted
        for key in node.get("patternProperties") or ():
            yield (*at, "patternProperties", key), key, False
        for key, part in node.items():
            yield from _within(part, (*at, key), inverted=inverted or key == "not")
