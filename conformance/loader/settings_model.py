"""Base and member types of the settings files: no conversion, no unknown member, no null."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

UNIQUE = "unique_items"
"""Type of the error of a list with equal entries."""
NULL = "null_member"
"""Type of the error of a member that is null."""


class SettingsModel(BaseModel):
    """A table of a settings file; an absent member has its default. Values never appear in errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError(NULL, "null")
        return value


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise PydanticCustomError(UNIQUE, "equal entries")
    return values


DISTINCT = (AfterValidator(_distinct), Field(json_schema_extra={"uniqueItems": True}))
NonEmpty = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(min_length=1, max_length=128)]
KeyName = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
"""Name of a key in the store."""
Role = Annotated[str, Field(pattern="^[a-z][a-z_]*$")]
"""A code of codes/client_role.yaml."""
Uscc = Annotated[str, Field(pattern="^[0-9A-HJ-NPQRTUWXY]{18}$")]
"""Unified social credit code (GB 32100)."""
HttpAddress = Annotated[str, Field(pattern="^https?://[^/?#@\\s]+(/[^?#\\s]*)?$")]
"""An address without query, fragment and user."""
