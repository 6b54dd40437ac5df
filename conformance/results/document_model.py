"""Base of the documents that reports are rendered from."""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

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
