"""What a row says around its content (subject, record), as fields with a class of their own.

A reply to a query repeats the subject that was asked for and says which record it gives; a file
has to say of whom it speaks. So identifiers of the subject go by the class of their element, what a record
of a reply says is open to whoever gets the record, and everything else is withheld.
"""

from typing import Any

from conformance.model.shapes import Field, JsonSchema
from conformance.model.text import Text

SUBJECT_TYPE = "subject.type"
ITEM_CODE = "record.item_code"
_OPEN = frozenset(
    {
        SUBJECT_TYPE,
        ITEM_CODE,
        "record.id",
        "record.version",
        "record.as_of",
        "record.provider_uscc",
    }
)
"""What the reply to a query says of a disclosed record, too."""
_SUBJECT = "subject."
_NAME = "subject.name"
_LAWFULLY_PUBLIC, _PERSONAL, _NEVER = "S0", "S3", "S5"


def envelope_fields(schema: JsonSchema, *, natural: bool) -> tuple[Field, ...]:
    """The members of a row around its content; `natural`: the subject is like a natural person."""
    return tuple(_field(name, part, natural) for name, part in schema.get("properties", {}).items())


def _field(name: str, schema: Any, natural: bool) -> Field:  # noqa: FBT001
    title = schema.get("x-title", {})
    return Field(
        name=name,
        title=Text(title.get("zh", name), title.get("en", name)),
        element=name,
        required=False,
        sensitivity=_class(name, schema, natural),
        class_when=(),
        desensitization_type=schema.get("x-desensitization", "plain"),
        person=None,
        code_set=schema.get("x-code-set"),
        unit=None,
        schema=schema,
    )


def _class(name: str, schema: Any, natural: bool) -> str:  # noqa: FBT001
    if name in _OPEN:
        return _LAWFULLY_PUBLIC
    if not name.startswith(_SUBJECT):
        return _NEVER
    if name == _NAME and natural:  # the name of the subject is that of a person
        return _PERSONAL
    return str(schema.get("x-class", _NEVER))
