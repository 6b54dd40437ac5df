"""The shapes of the standard: items, fields, code sets and API operations, flattened once by the loader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from conformance.model.text import Text

JsonSchema = Mapping[str, Any]


class Kind(StrEnum):
    """Extent to which an audience may see a value (cells of the disclosure matrix)."""

    RAW = "raw"
    PART = "part"
    GEN = "gen"
    TOK = "tok"
    SUP = "sup"


class Form(StrEnum):
    """The form of a disclosed value on the wire."""

    RAW = "raw"
    MASKED = "masked"
    BUCKET = "bucket"
    TOKEN = "token"  # noqa: S105
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class ClassWhen:
    """A sensitivity class that holds for a field of records meeting a CEL condition (first match wins)."""

    condition: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person other than the subject whose authorization counts for a field."""

    role: str
    identified_by: str | None
    """Name of the field of the same record that holds the person's identifier; None: none does."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item: element, annotations and tightening siblings flattened into one value."""

    name: str
    title: Text
    element: str
    required: bool
    sensitivity: str
    class_when: tuple[ClassWhen, ...]
    desensitization_type: str
    person: Person | None
    code_set: str | None
    unit: str | None
    schema: JsonSchema
    legal_basis: Text | None = None
    """Why a province adds the field; None for one of the national checklist."""


@dataclass(frozen=True, slots=True)
class CrossFieldRule:
    """A CEL rule over `record` (the fields of one record); true means the record obeys."""

    id: str
    expression: str
    message: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Within how many working days after the day in a field a record has to be made."""

    since: str
    working_days: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Fields that name a record of another item by fields of that one, in the same order."""

    fields: tuple[str, ...]
    item: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist (信息项). The checklist is a reconstruction, see `Checklist.status`."""

    code: str
    title: Text
    category: str
    version: str
    providers: tuple[str, ...]
    subject_types: tuple[str, ...]
    key: tuple[str, ...]
    disclosure: str
    """`public`, `public_part_authorized_detail` or `authorized`."""
    collection_mode: str
    sharing_mode: str
    update_frequency: str
    fields: tuple[Field, ...]
    rules: tuple[CrossFieldRule, ...]
    schema: JsonSchema
    """Self-contained JSON Schema 2020-12 of the item's `content` (references inlined)."""
    digest: str
    """SHA-256 (hex) over the RFC 8785 form of the item's file with what its province adds."""
    legal_basis: Text | None = None
    """Why a province adds the item; None for one of the national checklist."""
    serve_until: str | None = None
    """Field with the last day, to its end, on which a record is served."""
    timeliness: Timeliness | None = None
    verifiable: tuple[str, ...] = ()
    """Names of the fields that a query may have verified at the source."""
    references: tuple[Reference, ...] = ()
    public_class: str = ""
    """The class of fields whose values are lawfully published."""

    def field(self, name: str) -> Field:
        """The field of this name. Raises StopIteration for a name that the item lacks."""
        return next(f for f in self.fields if f.name == name)


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version of the checklist, with what a province adds where it is that of a province."""

    version: str
    status: Text
    items: tuple[Item, ...]
    record_schema: JsonSchema
    """Self-contained JSON Schema of the record envelope without `content`."""
    row_schema: JsonSchema = field(default_factory=dict)
    """Self-contained JSON Schema of what a row of a table says beside the fields of its item."""
    categories: Mapping[str, Text] = field(default_factory=dict)
    """Titles of the categories by code."""
    effective_from: date = date.min
    effective_until: date | None = None
    utilities: frozenset[str] = frozenset()
    """Categories of public utilities."""
    fresh_days: Mapping[str, int] = field(default_factory=dict)
    """Days within which information counts as fresh, by update frequency; the others have none."""

    def item(self, code: str) -> Item:
        """The item of this code. Raises StopIteration for a code that the version lacks."""
        return next(i for i in self.items if i.code == code)

    def has(self, code: str) -> bool:
        """True if the version has an item of this code."""
        return any(i.code == code for i in self.items)


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code set."""

    code: str
    title: Text
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A closed list of codes with its source."""

    id: str
    title: Text
    source: str
    codes: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Format:
    """A string format of the standard (JSON Schema `format`)."""

    name: str
    title: Text
    citation: str
    """Number of the standard that defines it."""
    pattern: str
    """Anchored regular expression that every value matches; necessary, not sufficient."""


@dataclass(frozen=True, slots=True)
class TypeRules:
    """Desensitization of one type: normalization, validity, and an operator for each kind."""

    id: str
    title: Text
    normalize: str
    """`id`, `name`, `text` or `none`."""
    valid: tuple[str, ...]
    """Full-match patterns, first match wins; empty means any value."""
    tail: int | None
    """Keep this many last units of the normal form before masking (drops a country prefix)."""
    operators: Mapping[Kind, Mapping[str, Any]]
    """For each kind `{op: <operator>, **parameters}`; a missing kind means `drop`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the disclosure matrix."""

    sensitivity: str
    audience: str
    none: Kind
    authorized: Kind


@dataclass(frozen=True, slots=True)
class Desensitization:
    """Operators, rules (type x kind) and the disclosure matrix (class x audience x authorization)."""

    fallback: str
    operators: Mapping[str, Mapping[str, Any]]
    """Per operator: `form`, `parameters` (name -> JSON Schema), `idempotent`."""
    types: Mapping[str, TypeRules]
    cells: Mapping[tuple[str, str], Cell]
    """Keyed by (class, audience); a missing cell is `sup`."""
    natural_person_like: frozenset[str]
    """Subject types whose fields count in the raised class."""
    vectors: Mapping[str, tuple[Mapping[str, Any], ...]]
    """Published test vectors by operator."""
    tables: Mapping[str, Any]
    """Closed tables operators need: compound surnames, administrative divisions."""
    classes: tuple[str, ...] = ()
    """Sensitivity classes, from the least to the most sensitive."""
    lawfully_public: str = ""
    """Class of what is lawfully published."""
    personal: frozenset[str] = frozenset()
    """Classes of personal information."""
    never_disclosed: str = ""
    """Class without a cell, which no audience gets."""
    raised_by_subject: Mapping[str, str] = field(default_factory=dict)
    """Class that counts instead of another one, for subjects that are like a natural person."""

    def class_of(self, sensitivity: str, subject_type: str) -> str:
        """The class of a field in a record about a subject of this type."""
        if subject_type not in self.natural_person_like:
            return sensitivity
        return self.raised_by_subject.get(sensitivity, sensitivity)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the platform API, references inlined."""

    id: str
    part: str
    method: str
    path: str
    read_only: bool
    scopes: tuple[str, ...]
    """Scopes of which a token needs one (all there are where any token will do); empty: public."""
    request_schemas: Mapping[str, JsonSchema]
    """By media type."""
    responses: Mapping[str, Mapping[str, JsonSchema]]
    """By status (`200`, `4XX`, `default`) and media type."""
    response_headers: Mapping[str, tuple[str, ...]]
    """Required response header names (lower case) by status."""
    idempotent: bool
    """A request needs an Idempotency-Key."""
    capability: str | None = None
    """The declared capability with which the operation comes; None where every platform has it."""


@dataclass(frozen=True, slots=True)
class Api:
    """The platform-access API."""

    version: str
    operations: Mapping[str, Operation]
