"""The published schemas of documents are those of the models, and hold what the models cannot say."""

import pytest

from conformance.cli.shared.schemas import published_schemas
from tests.conformance.results.sample import ROOT

SCHEMAS = published_schemas()


@pytest.mark.parametrize("path", SCHEMAS)
def test_a_published_schema_is_that_of_its_model(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == SCHEMAS[path], "run fcsp standard weave"


def test_all_documents_are_published() -> None:
    assert set(SCHEMAS) == {
        "schemas/meta/result.schema.yaml",
        "schemas/meta/delivery_result.schema.yaml",
        "schemas/meta/target.schema.yaml",
        "schemas/meta/trust.schema.yaml",
    }
