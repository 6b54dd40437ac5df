"""Base of the documents that reports are made of, and the JSON Schema that is published of them."""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema

from conformance.model.text import Text

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""ISO 8601."""
Ids = Annotated[list[str], Field(json_schema_extra={"uniqueItems": True})]


class DocumentModel(BaseModel):
    """A frozen part of a document; the docstrings of its fields are their descriptions in the schema."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        serialize_by_alias=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
    )

    def changed(self, **fields: Any) -> Self:
        """A copy with other values in some fields."""
        return self.model_copy(update=fields)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The document of a JSON text, which may hold escapes of unpaired surrogates. Raises ValueError."""
        return cls.model_validate(json.loads(text))

    def to_json(self) -> dict[str, Any]:
        """The document as a JSON value, members in the order of the fields."""
        return self.model_dump(mode="json")


class MessageText(DocumentModel):
    """A message of the suite's registry, with the values that filled it and its wording in both languages."""

    key: str
    args: dict[str, Any]
    text: Text


class _PublishedSchema(GenerateJsonSchema):
    """JSON Schema 2020-12 without titles that only repeat the name of a member."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the signature of pydantic
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        return _without_title(super().model_schema(schema))

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        return {**_without_title(super().dataclass_schema(schema)), "additionalProperties": False}

    def enum_schema(self, schema: Any) -> JsonSchemaValue:
        return _without_title(super().enum_schema(schema))

    def generate(self, schema: CoreSchema, mode: Any = "serialization") -> JsonSchemaValue:
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}


def _without_title(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {name: value for name, value in schema.items() if name != "title"}


def json_schema(model: type[DocumentModel], name: str, title: str) -> dict[str, Any]:
    """The published schema of a document, whose `$id` is `name`."""
    schema = model.model_json_schema(mode="serialization", schema_generator=_PublishedSchema)
    head = {"$schema": schema.pop("$schema"), "$id": name, "title": title}
    definitions = schema.pop("$defs")
    return {**head, **schema, "$defs": dict(sorted(definitions.items()))}
