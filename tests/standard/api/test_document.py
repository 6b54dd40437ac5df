"""The published document: valid OpenAPI, complete in its decisions, closed in its schemas."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename

from tests.standard.api.document import FILES, FOLDER, operations, read, walk

# operationId: (method, path, scopes of which one is needed, read only, statuses of success)
WIRE: Mapping[str, tuple[str, str, tuple[str, ...], bool, tuple[str, ...]]] = {
    "getPlatformDescriptor": ("GET", "/.well-known/fcsp-platform", (), True, ("200",)),
    "getHealth": ("GET", "/v1/health", (), True, ("200",)),
    "postNetworkNotice": ("POST", "/v1/network/notices", ("network",), False, ("202",)),
    "issueToken": ("POST", "/v1/oauth/token", (), False, ("200",)),
    "putInstitution": ("PUT", "/v1/institutions/{institution_id}", ("admission",), False, ("200", "201")),
    "getInstitution": (
        "GET",
        "/v1/institutions/{institution_id}",
        ("admission", "query", "authorize"),
        True,
        ("200",),
    ),
    "patchInstitutionStatus": (
        "PATCH",
        "/v1/institutions/{institution_id}/status",
        ("admission",),
        False,
        ("200",),
    ),
    "createAuthorization": ("POST", "/v1/authorizations", ("subject", "authorize"), False, ("201",)),
    "listAuthorizations": ("GET", "/v1/authorizations", ("subject",), True, ("200",)),
    "getAuthorization": (
        "GET",
        "/v1/authorizations/{authorization_id}",
        ("subject", "query", "authorize"),
        True,
        ("200",),
    ),
    "revokeAuthorization": (
        "POST",
        "/v1/authorizations/{authorization_id}/revocation",
        ("subject",),
        False,
        ("200",),
    ),
    "createBatch": ("POST", "/v1/batches", ("collect",), False, ("202",)),
    "getBatch": ("GET", "/v1/batches/{batch_id}", ("collect",), True, ("200",)),
    "getCatalog": ("GET", "/v1/catalog", ("*",), True, ("200",)),
    "getCatalogItem": ("GET", "/v1/catalog/{item_code}", ("*",), True, ("200",)),
    "createQuery": ("POST", "/v1/queries", ("query", "subject"), False, ("200",)),
    "createQueryBatch": ("POST", "/v1/query-batches", ("query",), False, ("202",)),
    "getQueryBatch": ("GET", "/v1/query-batches/{query_batch_id}", ("query",), True, ("200",)),
    "getQueryBatchResults": (
        "GET",
        "/v1/query-batches/{query_batch_id}/results",
        ("query",),
        False,
        ("200",),
    ),
    "previewDesensitization": ("POST", "/v1/desensitization/preview", ("query",), True, ("200",)),
    "listAuditEvents": ("GET", "/v1/audit-log", ("audit",), True, ("200",)),
}
CREATING = {"postNetworkNotice", "createAuthorization", "createBatch", "createQueryBatch"}
PAGED = {"listAuthorizations", "getBatch", "getQueryBatchResults", "getCatalog", "listAuditEvents"}
PATH_PARAMETERS = {"institution_id", "authorization_id", "batch_id", "query_batch_id", "item_code"}
OPERATIONS = {node["operationId"]: (path, method, node) for path, method, node in operations()}
every_operation = pytest.mark.parametrize("name", sorted(WIRE))
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))


def parameters(node: Mapping[str, Any]) -> set[str]:
    return {p["$ref"].rpartition("/")[2] for p in node.get("parameters", [])}


def scopes(node: Mapping[str, Any]) -> tuple[str, ...]:
    if node.get("x-any-token") == "true":
        return ("*",)
    return tuple(scope for way in node["security"] for scope in way["oauth2"])


def test_the_document_is_valid_openapi() -> None:
    document, base_uri = read_from_filename(str(FOLDER / "platform.openapi.yaml"))
    validate(document, base_uri=base_uri)


def test_the_document_holds_the_operations_of_the_wire() -> None:
    described = {
        name: (
            method,
            path,
            scopes(node),
            node["x-read-only"] == "true",
            tuple(s for s in node["responses"] if s.startswith("2")),
        )
        for name, (path, method, node) in OPERATIONS.items()
    }
    assert described == WIRE


@every_file
def test_every_reference_resolves(file: Path) -> None:
    for at, node in walk(read(file)):
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            name, _, pointer = node["$ref"].partition("#")
            target = read((file.parent / name).resolve() if name else file)
            for part in pointer.split("/")[1:]:
                assert part in target, f"{at}: {node['$ref']}"
                target = target[part]


def test_no_part_is_defined_in_vain() -> None:
    references = {str(n) for file in FILES for at, n in walk(read(file)) if at.endswith("/$ref")}
    for file in FILES:
        for group in ("schemas", "parameters", "headers", "responses"):
            for name in read(file).get(group, {}):
                ends = (f"{file.name}#/{group}/{name}", f"#/{group}/{name}")
                assert any(u.endswith(ends) for u in references), f"{file.name}: {group}/{name}"


@every_operation
def test_every_operation_states_its_decisions(name: str) -> None:
    node = OPERATIONS[name][2]
    assert node["tags"] == [node["x-part"]]
    assert node["x-read-only"] in ("true", "false")
    assert isinstance(node["security"], list)


@every_operation
def test_every_operation_speaks_both_languages(name: str) -> None:
    node = OPERATIONS[name][2]
    for member in ("summary", "description"):
        assert node[member].isascii(), "English"
        zh = node[f"x-{member}-zh"]
        assert re.search(r"[一-鿿]", zh), "Chinese"
    for reply in node["responses"].values():
        assert "$ref" in reply or {"description", "x-description-zh"} <= reply.keys()


@every_operation
def test_every_operation_documents_its_errors(name: str) -> None:
    node = OPERATIONS[name][2]
    expected = {"405", "429", "503", "4XX", "5XX"} | ({"401"} if node["security"] else set())
    assert expected <= node["responses"].keys()


def test_creating_posts_need_an_idempotency_key() -> None:
    found = {name for name, (_, _, node) in OPERATIONS.items() if "IdempotencyKey" in parameters(node)}
    assert found == CREATING


def test_pages_are_asked_for_by_cursor() -> None:
    found = {name for name, (_, _, node) in OPERATIONS.items() if {"Cursor", "Limit"} <= parameters(node)}
    assert found == PAGED


def test_no_path_has_room_for_a_person() -> None:
    found = {name for path, _, _ in operations() for name in re.findall(r"{([^}]*)}", path)}
    assert found == PATH_PARAMETERS


@every_file
def test_patterns_mean_the_same_to_every_engine(file: Path) -> None:
    patterns = [(at, n) for at, n in walk(read(file)) if at.endswith("/pattern") and isinstance(n, str)]
    for at, pattern in patterns:
        assert not re.search(r"\\[dDwWsSbBpP]|\(\?", pattern), at
        assert pattern.startswith("^"), at
        re.compile(pattern)


@every_file
def test_codes_are_written_in_the_code_sets_only(file: Path) -> None:
    for at, node in walk(read(file)):
        if isinstance(node, dict) and "x-code-set" in node:
            assert node.keys() <= {"type", "x-code-set", "description"}, at
