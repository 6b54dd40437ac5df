"""JSON Schema 2020-12 of a pydantic model, in the form in which it is published in `schemas/meta`."""

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema


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

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """Without the default, which is the reader's."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """Null only where the document is written with it: a member of a settings file is absent instead."""
        return (
            self.generate_inner(schema["schema"])
            if self.mode == "validation"
            else super().nullable_schema(schema)
        )

    def generate(self, schema: CoreSchema, mode: Any = "validation") -> JsonSchemaValue:
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}


def _without_title(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {name: value for name, value in schema.items() if name != "title"}


def json_schema(
    model: type[BaseModel], name: str, title: str, mode: Literal["validation", "serialization"]
) -> dict[str, Any]:
    """The published schema of a document that is read (`validation`) or written; its `$id` is `name`."""
    schema = model.model_json_schema(mode=mode, schema_generator=_PublishedSchema)
    head = {"$schema": schema.pop("$schema"), "$id": name, "title": title}
    definitions = schema.pop("$defs")
    return {**head, **schema, "$defs": dict(sorted(definitions.items()))}
