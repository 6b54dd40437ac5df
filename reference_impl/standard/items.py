"""Items of the checklist: flattened fields, and the judgement of a record's content."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import rfc8785

from reference_impl.standard.formats import is_decimal
from reference_impl.standard.rejections import WHOLE, Rejection, Text, rejections, unsound_members
from reference_impl.standard.rules import ConditionError, Expression, Variables, variables
from reference_impl.standard.schemas import Compiler
from reference_impl.standard.source import StandardError

Check = Callable[[object], tuple[Rejection, ...]]


@dataclass(frozen=True, slots=True)
class ClassWhen:
    """A class that holds for records meeting a condition."""

    condition: Expression
    sensitivity: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an item."""

    name: str
    sensitivity: str
    class_when: tuple[ClassWhen, ...]
    desensitization_type: str
    person_role: str | None
    identified_by: str | None
    required: bool
    is_decimal: bool
    title: Text
    legal_basis: Text | None
    """Why a province adds the field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A cross-field rule: true means the record obeys."""

    id: str
    expression: Expression
    fields: tuple[str, ...]
    message: Text


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One item of the checklist."""

    code: str
    title: Text
    version: str
    subject_types: tuple[str, ...]
    key: tuple[str, ...]
    disclosure: str
    collection_mode: str
    sharing_mode: str
    update_frequency: str
    serve_until: str | None
    """Field with the last day on which a record is served."""
    timeliness: Mapping[str, Any] | None
    """Within how many working days after the day in the field `since` a record has to come."""
    digest: str
    """SHA-256 over the RFC 8785 form of the item's file with what the province adds."""
    legal_basis: Text | None
    """Why a province adds the item."""
    fields: tuple[FieldSpec, ...]
    rules: tuple[Rule, ...]
    check_schema: Check
    verifiable: tuple[str, ...]
    """Names of the fields whose values a source may be asked to verify."""
    check_claims: Check
    """The faults of claimed values, each of a field that can be verified."""

    @property
    def collected(self) -> bool:
        """True if records are delivered and kept; else they stay at their source."""
        return self.collection_mode == "physical"

    def validate(self, content: object) -> tuple[Rejection, ...]:
        """All faults of a record's content: schema first, then each rule whose fields are sound."""
        faults = self.check_schema(content)
        unsound = unsound_members(faults)
        if not isinstance(content, dict) or WHOLE in unsound or not self.rules:
            return faults
        return faults + tuple(self._broken(content, unsound))

    def variables(self, content: Mapping[str, Any]) -> Variables:
        """Variables of conditions and rules."""
        decimals = (f.name for f in self.fields if f.is_decimal)
        sound = (n for n in decimals if isinstance(content.get(n), str) and is_decimal(content[n]))
        return variables(content, sound)

    def _broken(self, content: Mapping[str, Any], unsound: frozenset[str]) -> Iterator[Rejection]:
        values = self.variables({name: value for name, value in content.items() if name not in unsound})
        for rule in self.rules:
            if unsound.isdisjoint(rule.fields) and not _obeys(rule, values):
                where = f"/{rule.fields[0]}" if rule.fields else ""
                yield Rejection("rule", where, rule.id, rule.message)


def read_item(
    document: Mapping[str, Any], path: str, compiler: Compiler, texts: Mapping[str, Text]
) -> ItemSpec:
    """An item from its parsed file."""
    annotations = document["x-item"]
    validator = compiler.compile(document, path)
    verifiable = _verifiable(annotations, document["properties"])
    claims = compiler.compile(_claims(document, verifiable), path)
    return ItemSpec(
        code=annotations["code"],
        title=annotations["title"],
        version=annotations["version"],
        subject_types=tuple(annotations["subject_types"]),
        key=tuple(annotations["key"]),
        disclosure=annotations["disclosure"],
        collection_mode=annotations["collection_mode"],
        sharing_mode=annotations["sharing_mode"],
        update_frequency=annotations["update_frequency"],
        serve_until=annotations.get("serve_until"),
        timeliness=annotations.get("timeliness"),
        digest=sha256(rfc8785.dumps(dict(document))).hexdigest(),
        legal_basis=annotations.get("legal_basis"),
        fields=tuple(_fields(document, compiler)),
        rules=tuple(_rule(rule) for rule in document.get("x-rules", [])),
        check_schema=lambda content: rejections(validator, content, texts),
        verifiable=verifiable,
        check_claims=lambda claims_: rejections(claims, claims_, texts),
    )


def _verifiable(about: Mapping[str, Any], fields: Iterable[str]) -> tuple[str, ...]:
    if about["collection_mode"] == "verify":
        return tuple(fields)
    return tuple(about.get("verification", {}).get("fields", ()))


def _claims(document: Mapping[str, Any], verifiable: Iterable[str]) -> dict[str, Any]:
    """The schema of claimed values: some of the fields that can be verified, and no other."""
    fields = {name: document["properties"][name] for name in verifiable}
    return {"type": "object", "properties": fields, "additionalProperties": False, "minProperties": 1}


def _fields(document: Mapping[str, Any], compiler: Compiler) -> Iterator[FieldSpec]:
    required: Sequence[str] = document.get("required", [])
    for name, schema in document["properties"].items():
        yield _field(name, compiler.flatten(schema), required=name in required)


def _field(name: str, flat: Mapping[str, Any], *, required: bool) -> FieldSpec:
    if lacking_annotations := {"x-class", "x-desensitization"} - flat.keys():
        raise StandardError(f"{name} lacks {sorted(lacking_annotations)}")
    person = flat.get("x-person", {})
    return FieldSpec(
        name=name,
        sensitivity=flat["x-class"],
        class_when=tuple(ClassWhen(Expression(c["when"]), c["class"]) for c in flat.get("x-class-when", [])),
        desensitization_type=flat["x-desensitization"],
        person_role=person.get("role"),
        identified_by=person.get("identified_by"),
        required=required,
        is_decimal=flat.get("format") == "decimal",
        title=flat.get("x-title", {}),
        legal_basis=flat.get("x-legal-basis"),
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(data["id"], Expression(data["rule"]), tuple(data["fields"]), data["message"])


def _obeys(rule: Rule, values: Variables) -> bool:
    """A rule that cannot be evaluated counts as broken."""
    try:
        return rule.expression.holds(values)
    except ConditionError:
        return False
