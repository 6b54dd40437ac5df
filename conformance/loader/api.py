"""Reading the platform-access API: operations with their references inlined and their codes filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

from conformance.loader.files import read_yaml
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.problem import FileErrors, Problem, StandardErrors
from conformance.loader.shapes import code_names
from conformance.loader.tree import Tree
from conformance.model.shapes import Api, JsonSchema, Operation
from conformance.model.text import Message

DOCUMENT = "schemas/api/platform.openapi.yaml"
PROVIDER = "schemas/api/provider.openapi.yaml"
IDEMPOTENCY_KEY = "Idempotency-Key"
METHODS = ("get", "put", "post", "delete", "patch")
_MISSHAPEN = (LookupError, TypeError, AttributeError)
Node = tuple[Any, str]
"""A value and the file in which it stands."""
Found = tuple[str, str, Mapping[str, Any], str]
"""Path, method, operation, and the file in which it stands."""


def load_api(root: Path, code_sets: Mapping[str, Sequence[str]]) -> Api:
    """The platform-access API of a standard. Raises StandardErrors with everything that is wrong with it."""
    return _load(_Source(root, {name: tuple(codes) for name, codes in code_sets.items()}))


def api(tree: Tree) -> Api:
    """The same of a tree, whose files are not read again, once for the tree."""
    return tree.once(_of_tree)


def provider_api(tree: Tree) -> Api:
    """API that a provider offers to a platform for the items that stay at their source."""
    return tree.once(_provider)


def _of_tree(tree: Tree) -> Api:
    return _document(tree, DOCUMENT)


def _provider(tree: Tree) -> Api:
    return _document(tree, PROVIDER)


def _document(tree: Tree, document: str) -> Api:
    files = {file: found.value for file, found in tree.documents.items()}
    return _load(_Source(tree.root, code_names(tree), files, document=document))


def _load(source: "_Source") -> Api:
    api = _api(source)
    if api is None or source.problems:
        raise StandardErrors(tuple(source.problems.values()))
    return api


@dataclass(slots=True)
class _Source:
    """The files of the API, each read once, and what is wrong with them."""

    root: Path
    code_sets: Mapping[str, tuple[str, ...]]
    files: dict[str, Any] = field(default_factory=dict)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    """Each once, however many schemas share the place."""
    document: str = DOCUMENT

    def read(self, file: str) -> Any:
        if file not in self.files:
            self.files[file] = read_yaml(self.root / file, file)
        return self.files[file]

    def find(self, reference: str, file: str) -> Node | None:
        """Node to which a reference in `file` leads; None where it leads nowhere."""
        name, _, pointer = reference.partition("#")
        target = normpath(f"{dirname(file)}/{name}") if name else file
        try:
            node = self.read(target)
        except FileErrors as errors:
            self.note(errors)
            return None
        for part in pointer.split("/")[1:]:
            if not isinstance(node, dict) or part not in node:
                return None
            node = node[part]
        return node, target

    def follow(self, node: Any, file: str) -> Node:
        """The node, or what its reference means; an empty mapping where that leads nowhere."""
        if not isinstance(node, dict) or "$ref" not in node:
            return node, file
        return self.find(node["$ref"], file) or self.refuse(file, "reference", node["$ref"])

    def schema(self, node: Any, file: str) -> JsonSchema:
        """A self-contained JSON Schema."""
        try:
            schema = inline(node, file, self.find, self.code_sets)
        except UnresolvedReferenceError as error:
            return dict(self.refuse(file, "reference", str(error))[0])
        for name in _code_sets_of(schema):
            if name not in self.code_sets:
                self.refuse(file, "code_set", name)
        return dict(schema)

    def note(self, errors: FileErrors) -> None:
        self.problems |= {(p.file, f"{p.line} {p.message.key}"): p for p in errors.problems}

    def refuse(self, file: str, key: str, name: str) -> Node:
        """Note a problem; an empty mapping stands in for what is not there."""
        self.problems[file, name] = Problem(file, "", "", Message(f"api.{key}", {"name": name}))
        return {}, file


def _api(source: _Source) -> Api | None:
    try:
        document = source.read(source.document)
        version, entries = str(document["info"]["version"]), list(_operations(source, document))
    except FileErrors as errors:
        source.note(errors)
        return None
    except _MISSHAPEN:
        source.refuse(source.document, "misshapen", source.document)
        return None
    operations: dict[str, Operation] = {}
    for entry in entries:
        for operation in _read(source, document, entry):
            if operation.id in operations:
                source.refuse(entry[3], "duplicate", operation.id)
            operations[operation.id] = operation
    return Api(version, operations)


def _read(source: _Source, document: Mapping[str, Any], entry: Found) -> Iterator[Operation]:
    """The operation, if it is described at all as one must be."""
    path, method, _, file = entry
    try:
        yield _operation(source, document, entry)
    except _MISSHAPEN:
        source.refuse(file, "misshapen", f"{method} {path}")


def _operations(source: _Source, document: Mapping[str, Any]) -> Iterator[Found]:
    for path, entry in document["paths"].items():
        item, file = source.follow(entry, source.document)
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method], file


def _operation(source: _Source, document: Mapping[str, Any], entry: Found) -> Operation:
    path, method, node, file = entry
    replies = {status: source.follow(reply, file) for status, reply in node["responses"].items()}
    return Operation(
        id=node["operationId"],
        part=node["x-part"],
        method=method,
        path=path,
        read_only=node["x-read-only"],
        scopes=_scopes(source, document, node),
        request_schemas=_content(source, node.get("requestBody", {}), file),
        responses={status: _content(source, *reply) for status, reply in replies.items()},
        response_headers={status: _headers(source, *reply) for status, reply in replies.items()},
        idempotent=IDEMPOTENCY_KEY in _parameters(source, node, file),
        capability=node.get("x-capability"),
    )


def _parameters(source: _Source, node: Mapping[str, Any], file: str) -> set[str]:
    """Names of the parameters that a request must have."""
    found = (source.follow(parameter, file)[0] for parameter in node.get("parameters", ()))
    return {parameter["name"] for parameter in found if parameter.get("required")}


def _scopes(source: _Source, document: Mapping[str, Any], node: Mapping[str, Any]) -> tuple[str, ...]:
    """Scopes of which a token needs one: all there are, where any token will do."""
    if node.get("x-any-token"):
        scheme, _ = source.follow(document["components"]["securitySchemes"]["oauth2"], source.document)
        return tuple(scheme["flows"]["clientCredentials"]["scopes"])
    return tuple(scope for way in node["security"] for scope in way.get("oauth2", ()))


def _content(source: _Source, node: Mapping[str, Any], file: str) -> dict[str, JsonSchema]:
    """Schemas of a body by media type."""
    return {
        media_type: source.schema(body.get("schema", {}), file)
        for media_type, body in node.get("content", {}).items()
    }


def _headers(source: _Source, node: Mapping[str, Any], file: str) -> tuple[str, ...]:
    """Names of the headers a reply must have, in lower case."""
    headers = {name: source.follow(header, file)[0] for name, header in node.get("headers", {}).items()}
    return tuple(name.lower() for name, header in headers.items() if header.get("required"))


def _code_sets_of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("x-code-set"), str):
            yield node["x-code-set"]
        for value in node.values():
            yield from _code_sets_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from _code_sets_of(value)
