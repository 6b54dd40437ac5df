"""The meta-schema of the API's files accepts them as published and refuses each decision left open."""

from typing import Any

import jsonschema
import pytest

from conformance.loader import read_yaml
from tests.standard.api.document import FILES, FOLDER, ROOT

PARTS = [file for file in FILES if not file.name.endswith(".openapi.yaml")]


@pytest.fixture(scope="module")
def meta() -> jsonschema.Draft202012Validator:
    schema = read_yaml(ROOT / "schemas" / "meta" / "api.schema.yaml")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("file", PARTS, ids=lambda file: file.name)
def test_the_published_files_obey(meta: jsonschema.Draft202012Validator, file: Any) -> None:
    assert [(list(e.absolute_path), e.message) for e in meta.iter_errors(read_yaml(file))] == []


OPERATION = "queries/post"


@pytest.mark.parametrize(
    ("at", "value"),
    [
        *((f"{OPERATION}/{name}", None) for name in ("operationId", "x-part", "x-read-only", "security")),
        *((f"{OPERATION}/{name}", None) for name in ("summary", "x-summary-zh", "x-description-zh")),
        *((f"{OPERATION}/responses/{status}", None) for status in ("401", "405", "429", "503", "4XX", "5XX")),
        (f"{OPERATION}/responses/200/headers/Date", None),
        (f"{OPERATION}/responses/200/content", None),
        (f"{OPERATION}/responses/302", {"$ref": "../components.yaml#/responses/ClientError"}),
        (f"{OPERATION}/security", [{"oauth2": ["query", "subject"]}]),
        (f"{OPERATION}/security", [{"oauth2": []}]),
        (f"{OPERATION}/x-any-token", True),
        (f"{OPERATION}/x-other", 1),
        ("queries/parameters", None),
        ("queries/trace", {}),
        ("schemas/QueryRequest/additionalProperties", None),
        ("schemas/QueryReply/additionalProperties", None),
        ("schemas/QueryReply/x-open", True),
        ("schemas/QueryReply/properties/audience/enum", ["public"]),
        ("schemas/QueryReply/properties/audience/type", ["string", "null"]),
        ("schemas/DisclosedRecord/properties/fields", {"type": "object", "properties": {}}),
    ],
)
def test_a_decision_left_open_is_refused(meta: jsonschema.Draft202012Validator, at: str, value: Any) -> None:
    document = read_yaml(FOLDER / "paths" / "query.yaml")
    *parents, last = at.split("/")
    node = document
    for part in parents:
        node = node[part]
    if value is None:
        del node[last]
    else:
        node[last] = value
    assert not meta.is_valid(document)
