"""Each file against its meta-schema: every violation with its place, its record, expected and found."""

import difflib
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from conformance.loader.files import Document, Pointer, pointer_text
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree
from conformance.model.text import Message

if TYPE_CHECKING:  # slow to import, and needed only once something is wrong
    from jsonschema.exceptions import ValidationError

META = "schemas/meta"
OF_FILES: tuple[tuple[str, str], ...] = (
    ("schemas/elements.yaml", "elements"),
    ("schemas/formats.yaml", "formats"),
    ("schemas/checklist/national.yaml", "checklist"),
    ("schemas/checklist/overlays/*/*.yaml", "item"),
    ("schemas/checklist/overlays/*.yaml", "overlay"),
    ("schemas/checklist/items/*.yaml", "item"),
    ("schemas/codes/reserved.yaml", "reserved"),
    ("schemas/codes/calendar.yaml", "calendar"),
    ("schemas/codes/*.yaml", "code_set"),
    ("schemas/cel/truth-table.yaml", "truth_table"),
    ("schemas/mappings/*.yaml", "mapping"),
    ("schemas/desensitization/operators.yaml", "desensitization-operators"),
    ("schemas/desensitization/types.yaml", "desensitization-types"),
    ("schemas/desensitization/disclosure.yaml", "desensitization-disclosure"),
    ("schemas/desensitization/tables.yaml", "desensitization-tables"),
    ("schemas/desensitization/vectors/*.yaml", "desensitization-vectors"),
    ("standard/standard.yaml", "standard"),
    ("standard/clauses.yaml", "clauses"),
    ("standard/requirements/*.yaml", "requirements"),
    ("standard/profiles.yaml", "profiles"),
    ("standard/terms.yaml", "terms"),
)
"""The first pattern that fits names the meta-schema of a file."""
EXPECTED = tuple(pattern for pattern, _ in OF_FILES if "*" not in pattern)
"""Files that no standard is without."""

_SHOWN = 120
_LIMITS = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"}
    | {"minItems", "maxItems", "minProperties"}
)


def meta_of(file: str) -> str | None:
    """Name of a file's meta-schema."""
    return next((name for pattern, name in OF_FILES if fnmatchcase(file, pattern)), None)


def check_meta(tree: Tree) -> Iterator[Problem]:
    """Everything in which files disobey their meta-schemas."""
    schemas: dict[str, Any] = {}
    for file, document in tree.documents.items():
        if file.startswith(f"{META}/"):
            yield from _check_schema(file, document)
            schemas[file.removeprefix(f"{META}/").removesuffix(".schema.yaml")] = document.value
    for file, document in tree.documents.items():
        name = meta_of(file)
        if name in schemas:
            yield from check_document(file, document, schemas[name])
        elif name is not None and f"{META}/{name}.schema.yaml" not in tree.broken:
            yield tree.problem(file, (), "", Message("loader.no_meta", {"name": name}))
    for file in EXPECTED:
        if file not in tree.documents and file not in tree.broken:
            yield tree.problem(file, (), "", Message("loader.file_missing", {}))


def _check_schema(file: str, document: Document) -> Iterator[Problem]:
    """Errors of a meta-schema itself."""
    if isinstance(document.value, dict) and jsonschema_rs.meta.is_valid(document.value):
        return
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(document.value):
        yield _problem(file, document, tuple(error.absolute_path), "schema", reason=error.message)


def check_document(file: str, document: Document, schema: Any) -> Iterator[Problem]:
    """Everything in which one document disobeys a schema. The fast engine decides, the other one explains."""
    try:
        if jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(document.value):
            return
    except ValueError:  # the schema itself is wrong, which is reported where it stands
        return
    from jsonschema import Draft202012Validator, FormatChecker

    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date", "regex"]))
    problems = [p for e in validator.iter_errors(document.value) for p in _problems(file, document, _leaf(e))]
    yield from problems or [_problem(file, document, (), "schema", reason=META)]


def _leaf(error: "ValidationError") -> "ValidationError":
    """For a choice, the violation of the alternative that fits best."""
    from jsonschema.exceptions import best_match

    if error.validator in ("anyOf", "oneOf") and error.context:
        return best_match(iter(error.context)) or error
    return error


def _problems(file: str, document: Document, error: "ValidationError") -> Iterator[Problem]:
    at = tuple(error.absolute_path)
    value = shown(error.instance)
    keyword, expected = str(error.validator), error.validator_value
    if keyword == "required":
        yield _problem(file, document, at, "missing", name=_quoted(error.message))
    elif keyword in ("additionalProperties", "unevaluatedProperties") and isinstance(error.instance, dict):
        allowed = sorted((error.schema.get("properties") or {}) if isinstance(error.schema, dict) else ())
        for name in _extras(error):
            yield unknown_key(file, document, (*at, name), name, allowed)
    elif keyword == "type":
        yield _problem(file, document, at, "type", expected=_list(expected), found=value)
    elif keyword in ("enum", "const"):
        yield _problem(file, document, at, "choice", expected=_list(expected), found=value)
    elif keyword in ("pattern", "format"):
        yield _problem(file, document, at, "pattern", expected=expected, found=value)
    elif keyword in _LIMITS:
        yield _problem(file, document, at, "limit", keyword=keyword, expected=expected, found=value)
    else:
        yield _problem(file, document, at, "keyword", keyword=keyword, expected=shown(expected), found=value)


def unknown_key(file: str, document: Document, at: Pointer, name: str, allowed: list[str]) -> Problem:
    """A key that is not allowed, with the nearest one that is."""
    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.6)
    if near:
        return _problem(file, document, at, "unknown_near", name=name, near=near[0])
    return _problem(file, document, at, "unknown", name=name, known=", ".join(allowed) or "-")


def _problem(file: str, document: Document, at: Pointer, key: str, **args: Any) -> Problem:
    record, message = record_id(document.value, at), Message(f"loader.{key}", args)
    return Problem(file, pointer_text(at), record, message, document.line(at))


def record_id(value: Any, at: Pointer) -> str:
    """The id of the innermost record around a place."""
    identifier = ""
    for part in (*at, None):
        if isinstance(value, dict):
            inner = value.get("x-item")
            header = inner if isinstance(inner, dict) else value
            name = next(
                (header[k] for k in ("id", "code", "item_code") if isinstance(header.get(k), str)), None
            )
            identifier = name or identifier
        try:
            value = value[part]
        except (LookupError, TypeError):
            break
    return identifier


def shown(value: Any) -> str:
    """A value as a short piece of text."""
    text = re.sub(r"\s+", " ", str(value))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _extras(error: "ValidationError") -> list[str]:
    properties = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    patterns = error.schema.get("patternProperties", {}) if isinstance(error.schema, dict) else {}
    quoted = set(re.findall(r"'([^']+)'", error.message))
    instance = error.instance if isinstance(error.instance, dict) else {}
    extras = [k for k in instance if k not in properties and not any(re.search(p, k) for p in patterns)]
    return [k for k in extras if k in quoted] or extras


def _quoted(message: str) -> str:
    match = re.match(r"'(.*)' is a required property", message)
    return match[1] if match else message


def _list(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
