"""The published API (OpenAPI 3.1): its operations, and a validator for each request body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from reference_impl.standard.formats import CHECKERS

BASE = "fcsp:///"
PLATFORM = "platform.openapi.yaml"
PROVIDER = "provider.openapi.yaml"
METHODS = ("get", "put", "post", "patch", "delete")
MAX_ERRORS = 20

ReadYaml = Callable[[Path], Any]
Codes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    id: str
    method: str
    path: str
    public: bool
    scopes: frozenset[str]
    """A token needs one of these; empty for an operation that any token serves."""
    writes: bool
    """True if it changes anything, the audit log included."""
    creates: bool
    """True if it asks for an Idempotency-Key."""
    media_types: tuple[str, ...]
    """Of the request body; empty where there is none."""
    body_required: bool
    discloses: bool = False
    """True if it discloses records, or prepares or shows a disclosure: the network can stop it."""


@dataclass(frozen=True, slots=True)
class Contract:
    """All operations, with the validators of their bodies."""

    operations: Mapping[str, Operation]
    validators: Mapping[tuple[str, str], jsonschema_rs.Draft202012Validator]
    sources: Mapping[str, "SourceOperation"]
    """Operations of a source, by operationId."""

    def errors(self, operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        """Violations of a body: pointer and broken keyword, never the value."""
        errors = []
        for error in self.validators[operation, media_type].iter_errors(body):
            keyword = str(error.schema_path[-1]) if error.schema_path else "schema"
            errors.append({"pointer": _pointer(error.instance_path), "message": f"violates {keyword}"})
            if len(errors) == MAX_ERRORS:
                break
        return errors


@dataclass(frozen=True, slots=True)
class SourceOperation:
    """One operation that a provider offers to platforms."""

    path: str
    reply: jsonschema_rs.Draft202012Validator


def load(root: Path, read_yaml: ReadYaml, codes: Codes) -> Contract:
    """Read `schemas/api` below `root`."""
    folder = root / "schemas" / "api"
    files = [
        folder / PLATFORM,
        folder / PROVIDER,
        folder / "components.yaml",
        *sorted(folder.glob("paths/*.yaml")),
    ]
    documents = {
        BASE + file.relative_to(folder).as_posix(): _with_codes(read_yaml(file), codes) for file in files
    }
    reader = _Reader(documents, PLATFORM)
    operations = {operation.id: operation for operation in reader.operations()}
    return Contract(operations, reader.validators(), _Reader(documents, PROVIDER).sources())


class _Reader:
    def __init__(self, documents: Mapping[str, Any], document: str) -> None:
        self._documents = documents
        self._registry = jsonschema_rs.Registry(list(documents.items()), draft=jsonschema_rs.Draft202012)
        self._found: list[tuple[str, str, str, Mapping[str, Any], Mapping[str, Any]]] = []
        for path, item in documents[BASE + document]["paths"].items():
            place, value = self._resolve(BASE + document, item)
            for method in METHODS:
                if method in value:
                    self._found.append((path, method, f"{place}/{method}", value, value[method]))

    def operations(self) -> list[Operation]:
        return [
            Operation(
                id=operation["operationId"],
                method=method.upper(),
                path=path,
                public=operation.get("security") == [],
                scopes=_scopes(operation.get("security", ())),
                writes=not operation["x-read-only"],
                creates="Idempotency-Key" in self._names(place, item, operation, "header"),
                media_types=tuple(operation.get("requestBody", {}).get("content", ())),
                body_required=operation.get("requestBody", {}).get("required", False),
                discloses=operation.get("x-discloses", False),
            )
            for path, method, place, item, operation in self._found
        ]

    def validators(self) -> dict[tuple[str, str], Any]:
        validators = {}
        for _, _, place, _, operation in self._found:
            for media_type in operation.get("requestBody", {}).get("content", ()):
                escaped = media_type.replace("/", "~1")
                schema = {"$ref": f"{place}/requestBody/content/{escaped}/schema"}
                validators[operation["operationId"], media_type] = self._compiled(schema)
        return validators

    def sources(self) -> dict[str, SourceOperation]:
        """The operations of a source, with what it may answer."""
        answer = "responses/200/content/application~1json/schema"
        return {
            operation["operationId"]: SourceOperation(path, self._compiled({"$ref": f"{place}/{answer}"}))
            for path, _, place, _, operation in self._found
        }

    def _compiled(self, schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            schema, registry=self._registry, formats=dict(CHECKERS), validate_formats=True
        )

    def _names(
        self, place: str, item: Mapping[str, Any], operation: Mapping[str, Any], where: str
    ) -> list[str]:
        listed: Sequence[Any] = (*item.get("parameters", ()), *operation.get("parameters", ()))
        parameters = [self._resolve(place.partition("#")[0], parameter)[1] for parameter in listed]
        return [parameter["name"] for parameter in parameters if parameter["in"] == where]

    def _resolve(self, document: str, value: Any) -> tuple[str, Any]:
        """Follow a reference. References stand relative to their document, one folder deep at most."""
        if "$ref" not in value:
            return document + "#", value
        file, _, pointer = value["$ref"].partition("#")
        folder = document.rpartition("/")[0] + "/"
        target = (
            BASE + file.removeprefix("../") if file.startswith("../") else folder + file if file else document
        )
        value_at = self._documents[target]
        for part in pointer.strip("/").split("/"):
            value_at = value_at[part.replace("~1", "/").replace("~0", "~")]
        return f"{target}#{pointer}", value_at


def _scopes(security: Sequence[Mapping[str, Sequence[str]]]) -> frozenset[str]:
    return frozenset(scope for alternative in security for scopes in alternative.values() for scope in scopes)


def _with_codes(value: Any, codes: Codes) -> Any:
    """The document with the codes of each code set written in as `enum`."""
    if isinstance(value, list):
        return [_with_codes(member, codes) for member in value]
    if not isinstance(value, dict):
        return value
    expanded = {name: _with_codes(member, codes) for name, member in value.items()}
    if "x-code-set" in value:
        nullable = [None] if "null" in value.get("type", ()) else []
        expanded["enum"] = [*codes[value["x-code-set"]], *nullable]
    return expanded


def _pointer(path: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
