"""Patterns that every regular-expression engine reads alike: anchored, no classes that depend on Unicode."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.loader.files import Pointer
from conformance.loader.lint.shapes import TYPES
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


def check_patterns(tree: Tree) -> Iterator[Problem]:
    """Every pattern of the shapes and of the desensitization types that engines may read differently."""
    for file, document in tree.documents.items():
        if file.startswith((*_ANCHORED, "schemas/api/")):
            for at, pattern, anchored in _patterns(document.value, ()):
                place = Place(tree, file, at, str(at[1]) if len(at) > 2 else "")
                yield from _pattern(place, pattern)
                if anchored and file.startswith(_ANCHORED) and not _is_anchored(pattern):
                    yield place.problem("pattern_open", found=pattern)
    for name, rules in tree.value(TYPES, {}).items():
        for n, pattern in enumerate(rules["valid"]):
            yield from _pattern(Place(tree, TYPES, (name, "valid", n), name), pattern)


def _is_anchored(pattern: str) -> bool:
    return pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith(r"\$")


def _pattern(place: Place, pattern: str) -> Iterator[Problem]:
    for construct, kind in _FORBIDDEN:
        match = construct.search(pattern)
        if match:
            yield place.problem("pattern_construct", construct=match[0], kind=kind)
    try:
        re.compile(pattern)
    except re.error as error:
        yield place.problem("pattern_broken", reason=str(error))


def _patterns(node: Any, at: Pointer, *, inverted: bool = False) -> Iterator[tuple[Pointer, str, bool]]:
    """All patterns of a schema; those below `not` look for a forbidden character and need no anchors."""
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _patterns(part, (*at, n), inverted=inverted)
    elif isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield (*at, "pattern"), node["pattern"], not inverted
        for key in node.get("patternProperties") or ():
            yield (*at, "patternProperties", key), key, True
        for key, part in node.items():
            yield from _patterns(part, (*at, key), inverted=inverted or key == "not")
