"""Published JSON Schemas of the documents that the suite writes, generated from their models."""

from conformance.data.report.document import DeliveryDocument
from conformance.loader.yaml_text import yaml_text
from conformance.results.document import ResultDocument
from conformance.results.document_model import DocumentModel, json_schema

_HEAD = "# Generated from {module} by `fcsp standard weave`; change it there.\n"
_DOCUMENTS: tuple[tuple[str, str, type[DocumentModel]], ...] = (
    ("result", "The result document of one run", ResultDocument),
    ("delivery_result", "The result document of one checked delivery", DeliveryDocument),
)


def published_schemas() -> dict[str, str]:
    """The text of each schema, by its path below the root of the standard."""
    return {
        f"schemas/meta/{name}.schema.yaml": _HEAD.format(module=model.__module__)
        + yaml_text(json_schema(model, f"{name}.schema.yaml", title))
        for name, title, model in _DOCUMENTS
    }
