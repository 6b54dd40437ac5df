"""What a row says around its content (subject, record), as fields with a class of their own.

A reply to a query repeats the subject that was asked for and says which record it gives; a file
has to say of whom it speaks. So identifiers of the subject go by the class of their element, what a record
of a reply says is open to whoever gets the record, and everything else is withheld.
"""

from typing import Any

from conformance.model.shapes import Desensitization, Field, JsonSchema
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


def envelope_fields(schema: JsonSchema, rules: Desensitization, *, natural: bool) -> tuple[Field, ...]:
    """The members of a row around its content; `natural`: the subject is like a natural person."""
    members = schema.get("properties", {}).items()
    return tuple(_field(name, part, _class(name, part, rules, natural)) for name, part in members)


def _field(name: str, schema: Any, sensitivity: str) -> Field:
    title = schema.get("x-title", {})
    return Field(
        name=name,
        title=Text(title.get("zh", name), title.get("en", name)),
        element=name,
        required=False,
        sensitivity=sensitivity,
        class_when=(),
        desensitization_type=schema.get("x-desensitization", "plain"),
        person=None,
        code_set=schema.get("x-code-set"),
        unit=None,
        schema=schema,
    )


def _class(name: str, schema: Any, rules: Desensitization, natural: bool) -> str:  # noqa: FBT001
    if name in _OPEN:
        return rules.lawfully_public
    if not name.startswith(_SUBJECT):
        return rules.never_disclosed
    if name == _NAME and natural:  # the name of the subject is that of a person
        return min(rules.personal, key=rules.classes.index)
    return str(schema.get("x-class", rules.never_disclosed))
