"""Published JSON Schemas of the documents that the suite reads and writes, generated from their models."""

from typing import Literal

from pydantic import BaseModel

from conformance.data.report.document import DeliveryDocument
from conformance.loader.published_schema import json_schema
from conformance.loader.target_document import TargetDocument
from conformance.loader.yaml_text import yaml_text
from conformance.results.document import ResultDocument
from conformance.workspace.trust import TrustDocument

_HEAD = "# Generated from {module} by `fcsp standard weave`; change it there.\n"
_DOCUMENTS: tuple[tuple[str, str, type[BaseModel], Literal["validation", "serialization"]], ...] = (
    ("result", "The result document of one run", ResultDocument, "serialization"),
    ("delivery_result", "The result document of one checked delivery", DeliveryDocument, "serialization"),
    ("target", "The platform under test (target.toml)", TargetDocument, "validation"),
    ("trust", "What the platform trusts (trust.json)", TrustDocument, "validation"),
)


def published_schemas() -> dict[str, str]:
    """The text of each schema, by its path below the root of the standard."""
    return {
        f"schemas/meta/{name}.schema.yaml": _HEAD.format(module=model.__module__)
        + yaml_text(json_schema(model, f"{name}.schema.yaml", title, mode))
        for name, title, model, mode in _DOCUMENTS
    }
