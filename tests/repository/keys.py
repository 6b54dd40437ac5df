"""Keys of messages: those that exist, those that code asks for, the words of which keys are put together."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from conformance.loader import read_yaml
from tests.repository.tracked import shown, tracked

TEMPLATE_CALL = re.compile(r"""\b([tw])\(\s*["']([a-z_]+)["']\s*([,)])""")
TEMPLATE_AREAS = {"t": "report", "w": "delivery"}
FULL = "-"
CALLS: tuple[tuple[str, str, int, str], ...] = (
    ("conformance/", "Message", 0, FULL),
    ("conformance/", "violated", 0, FULL),
    ("conformance/cli/", "say", 0, "cli"),
    ("conformance/cli/", "note", 0, "cli"),
    ("conformance/cli/", "text", 0, "cli"),
    ("conformance/cli/", "CommandError", 0, "cli"),
    ("conformance/doctor/", "ok", 1, "doctor"),
    ("conformance/doctor/", "warn", 1, "doctor"),
    ("conformance/doctor/", "fail", 1, "doctor"),
    ("conformance/results/", "say", 0, "report"),
    ("conformance/data/report/", "tell", 0, "delivery"),
    ("conformance/authoring/", "_problem", -1, "authoring"),
    ("conformance/loader/", ".problem", 0, "loader"),
    ("conformance/loader/", "problem", 3, "loader"),
    ("conformance/oracles/", "problem", 3, "loader"),
    ("conformance/loader/files.py", "refuse", 2, "loader"),
    ("conformance/loader/meta.py", "_problem", 3, "loader"),
    ("conformance/loader/api.py", "refuse", 1, "api"),
    ("conformance/monitors/problem_details.py", "_finding", 1, "monitors"),
)
"""Where a call of this name takes a key as its argument of this number, and the area the key belongs to."""


@dataclass(frozen=True, slots=True)
class Use:
    """A key as code asks for it."""

    key: str
    place: str
    args: frozenset[str] | None
    """Names of the values given; None where they are not written out."""


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """The texts of every key, as the files have them."""
    files = {path.stem: read_yaml(path) for path in tracked("conformance/messages/*.yaml")}
    return {
        f"{area}.{key}": {lang: _template(text) for lang, text in texts.items()}
        for area, entries in files.items()
        for key, texts in entries.items()
    }


def _template(entry: str | Mapping[str, str | Mapping[str, str]]) -> str:
    """A text as it stands; one with counted phrases with these in their form for `other`."""
    if isinstance(entry, str):
        return entry
    template = str(entry["text"])
    for name, forms in entry.items():
        if isinstance(forms, Mapping):
            template = template.replace(f"{{{name}}}", forms["other"])
    return template


def placeholders(text: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def uses() -> tuple[Use, ...]:
    """Every key that stands as a literal where a key is expected."""
    sources = {shown(path): path for path in tracked("conformance/*.py")}
    keys = [use for name, path in sources.items() for use in _uses(name, ast.parse(path.read_text("utf-8")))]
    for path in tracked("conformance/*.j2"):
        calls = TEMPLATE_CALL.finditer(path.read_text("utf-8"))
        keys += [_filled(shown(path), *m.groups()) for m in calls]
    return tuple(keys)


def _filled(file: str, call: str, key: str, after: str) -> Use:
    return Use(f"{TEMPLATE_AREAS[call]}.{key}", file, None if after == "," else frozenset())


def _uses(file: str, tree: ast.AST) -> Iterator[Use]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for start, name, index, area in CALLS:
            if file.startswith(start) and name in _names(call) and len(call.args) > index:
                prefix = "" if area == FULL else f"{area}."
                for key in _literals(call.args[index]):
                    yield Use(prefix + key, f"{file}:{call.lineno}", _given(call, name))


def _names(call: ast.Call) -> tuple[str, ...]:
    """`place.problem(...)` is told from the function `problem(...)`; others go by their name alone."""
    match call.func:
        case ast.Attribute(attr=name):
            return (f".{name}",) if name == "problem" else (name,)
        case ast.Name(id=name):
            return (name,)
    return ()


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _given(call: ast.Call, name: str) -> frozenset[str] | None:
    if name == "Message":
        return _members(call.args[1]) if len(call.args) > 1 else frozenset()
    keywords = [word.arg for word in call.keywords]
    plain = name in {"say", "tell", "note", "text", "CommandError", "ok", "warn", "fail", ".problem"}
    return frozenset(word for word in keywords if word) if plain and None not in keywords else None


def _members(node: ast.expr) -> frozenset[str] | None:
    if not isinstance(node, ast.Dict):
        return None
    names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    return None if None in names else frozenset(str(name) for name in names)


@cache
def fragments() -> frozenset[str]:
    """All literal text of code and templates, whole strings and the constant parts of f-strings alike."""
    trees = [ast.parse(path.read_text("utf-8")) for path in tracked("conformance/*.py")]
    parts = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    for path in tracked("conformance/*.j2"):
        parts += re.findall(r"""["']([a-z_]+)["']""", path.read_text("utf-8"))
    return frozenset(part for part in parts if isinstance(part, str))


def asked_for(key: str, words: frozenset[str]) -> bool:
    """Whether some code can ask for the key: it is written out, or put together of parts that are.

    Families are a beginning that ends in `_` with a known word (`verdict_` + `passed`); advice belongs to a
    finding of the doctor (`dns_timeout` + `_advice`).
    """
    area, _, name = key.partition(".")
    parts = fragments()
    if parts & {key, name}:
        return True
    if area == "doctor" and name.endswith("_advice"):
        return asked_for(key.removesuffix("_advice"), words)
    cuts = ((name[: n + 1], name[n + 1 :]) for n, letter in enumerate(name) if letter == "_")
    return any(parts & {head, f"{area}.{head}"} and tail in words for head, tail in cuts) or any(
        f"{area}." in parts and head in words and tail in parts for head, tail in _tails(name)
    )


def _tails(name: str) -> Iterator[tuple[str, str]]:
    """`standard_unusable` as `standard` and `_unusable`."""
    yield from ((name[:n], name[n:]) for n, letter in enumerate(name) if letter == "_")
