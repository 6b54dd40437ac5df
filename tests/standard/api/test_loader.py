"""Loading the API: self-contained schemas, scopes and headers as the wire needs them, every mistake told."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from conformance.loader import StandardErrors, load_standard
from conformance.loader.api import load_api
from conformance.messages import load_messages
from conformance.model.shapes import Api
from tests.standard.api.document import ROOT, walk

OPEN = {"getPlatformDescriptor"}
"""Operations whose reply may hold more than the API names."""


@pytest.fixture(scope="module")
def code_sets() -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes.codes) for name, codes in load_standard(ROOT).codes.items()}


@pytest.fixture(scope="module")
def api(code_sets: dict[str, tuple[str, ...]]) -> Api:
    return load_api(ROOT, code_sets)


def schemas(api: Api) -> dict[str, Any]:
    request_schemas = {
        f"{o.id} {m}": s for o in api.operations.values() for m, s in o.request_schemas.items()
    }
    received = {
        f"{o.id} {status} {m}": s
        for o in api.operations.values()
        for status, bodies in o.responses.items()
        for m, s in bodies.items()
    }
    return request_schemas | received


def is_open(at: str, node: Any) -> bool:
    """An object that names members without saying that there are no others; a condition opens nothing."""
    return (
        isinstance(node, dict)
        and not at.endswith(("/if", "/then"))
        and isinstance(node.get("properties"), dict)
        and "additionalProperties" not in node
    )


def test_operations_are_complete(api: Api) -> None:
    assert api.version == "0.1"
    assert len(api.operations) == 21
    assert {o.part for o in api.operations.values()} == {
        "docking",
        "admission",
        "authorization",
        "collection",
        "catalog",
        "query",
        "desensitization",
        "security",
    }


def test_schemas_are_self_contained(api: Api) -> None:
    for name, schema in schemas(api).items():
        for at, node in walk(schema):
            assert not (isinstance(node, dict) and "$ref" in node), f"{name}{at}"


def test_code_sets_become_enumerations(api: Api, code_sets: dict[str, tuple[str, ...]]) -> None:
    enumerated = set()
    for name, schema in schemas(api).items():
        for at, node in walk(schema):
            if isinstance(node, dict) and isinstance(node.get("x-code-set"), str):
                assert node["enum"] == list(code_sets[node["x-code-set"]]), f"{name}{at}"
                enumerated.add(node["x-code-set"])
    assert {"problem", "purpose", "item_status", "rejection_reason", "institution_class"} <= enumerated


def test_request_bodies_are_closed(api: Api) -> None:
    sent = {o.id: s for o in api.operations.values() for s in o.request_schemas.values()}
    public_keys = "/properties/jwks/properties/keys/items"
    found = {f"{name}{at}" for name, schema in sent.items() for at, node in walk(schema) if is_open(at, node)}
    assert found == {f"putInstitution{public_keys}"}


def test_replies_are_closed_but_for_descriptor_keys_and_problems(api: Api) -> None:
    for operation in api.operations.values():
        for status in (s for s in operation.responses if s.startswith("2")):
            schema = operation.responses[status]["application/json"]
            open_places = {at for at, node in walk(schema) if is_open(at, node)}
            open_replies = {
                at for at in open_places if not at.endswith("/keys/items") and "/problem/" not in at
            }
            assert bool(open_replies) == (operation.id in OPEN), operation.id


def test_scopes_are_alternatives(api: Api) -> None:
    assert api.operations["getHealth"].scopes == ()
    assert api.operations["createQuery"].scopes == ("query", "subject")
    assert len(api.operations["getCatalog"].scopes) == 7, "any token will do"


def test_required_headers_are_known_by_status(api: Api) -> None:
    headers = api.operations["createBatch"].response_headers
    assert set(headers["202"]) == {"date", "location"}
    assert set(headers["401"]) == {"date", "www-authenticate"}
    assert set(headers["405"]) == {"date", "allow"}
    assert set(headers["429"]) == set(headers["503"]) == {"date", "retry-after"}
    assert set(headers["4XX"]) == {"date"}
    assert set(api.operations["issueToken"].response_headers["200"]) == {"date", "cache-control"}


def sabotaged(tmp_path: Path, file: str, old: str, new: str) -> Path:
    shutil.copytree(ROOT / "schemas" / "api", tmp_path / "schemas" / "api")
    path = tmp_path / "schemas" / "api" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("key", "file", "old", "new"),
    [
        ("api.reference", "paths/query.yaml", '"#/schemas/ItemResult"', '"#/schemas/Nothing"'),
        ("loader.unreadable", "paths/query.yaml", "../components.yaml#/headers/Date", "../nowhere.yaml#/x"),
        ("api.code_set", "paths/query.yaml", "x-code-set: audience", "x-code-set: nobody"),
        ("api.reference", "platform.openapi.yaml", "#/queries", "#/questions"),
        ("api.duplicate", "paths/catalog.yaml", "operationId: getCatalogItem", "operationId: getCatalog"),
        ("api.misshapen", "paths/query.yaml", "    x-part: query\n", ""),
        ("api.misshapen", "platform.openapi.yaml", "\npaths:\n", "\nways:\n"),
        ("loader.yaml_syntax", "components.yaml", "schemas:\n  # --", "schemas: [\n  # --"),
    ],
)
def test_mistakes_are_told(
    tmp_path: Path, code_sets: dict[str, tuple[str, ...]], key: str, file: str, old: str, new: str
) -> None:
    with pytest.raises(StandardErrors) as caught:
        load_api(sabotaged(tmp_path, file, old, new), code_sets)
    assert key in {problem.message.key for problem in caught.value.problems}
    texts = load_messages()
    assert all(problem.message.key in texts for problem in caught.value.problems)


def test_all_mistakes_are_told_at_once(tmp_path: Path, code_sets: dict[str, tuple[str, ...]]) -> None:
    root = sabotaged(tmp_path, "paths/query.yaml", "x-code-set: audience", "x-code-set: nobody")
    path = root / "schemas" / "api" / "paths" / "catalog.yaml"
    path.write_text(path.read_text("utf-8").replace('"#/schemas/Catalog"', '"#/schemas/None"'), "utf-8")
    with pytest.raises(StandardErrors) as caught:
        load_api(root, code_sets)
    assert {problem.message.key for problem in caught.value.problems} == {"api.code_set", "api.reference"}
