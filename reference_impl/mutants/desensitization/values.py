"""Wrong cells, wrong masks, wrong tokens: single values that are shown as they should not be."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from reference_impl.desensitization import Cell, OperatorCall
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.policy.disclosure import Disclosure
from reference_impl.policy.model import Document

Field = dict[str, Any]


def with_rules(parts: Parts, **changed: Any) -> Parts:
    """The parts with other rules of desensitization for queries; the preview keeps the right ones."""
    rules = replace(parts[BaseParts].catalogue.desensitization, **changed)
    catalogue = replace(parts[BaseParts].catalogue, desensitization=rules)
    return parts.with_groups(
        replace(
            parts[DesensitizationParts],
            view=Disclosure(catalogue, parts[DesensitizationParts].token_key).view,
        )
    )


def with_mask(parts: Parts, *types: str, **parameters: Any) -> Parts:
    """The parts with another partial mask for these types."""
    types_by_id = dict(parts[BaseParts].catalogue.desensitization.types)
    for name in types:
        part = OperatorCall("mask", {**types_by_id[name].calls["part"].parameters, **parameters})
        types_by_id[name] = replace(types_by_id[name], calls={**types_by_id[name].calls, "part": part})
    return with_rules(parts, types=types_by_id)


def with_fields(
    desensitization: DesensitizationParts, change: Callable[[Field, Any], Field]
) -> DesensitizationParts:
    """The parts with each disclosed field changed; the change sees the collected value."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Field]:
        fields: Mapping[str, Field] = desensitization.view(item, content, *rest, **by)
        return {name: change(field, content[name]) for name, field in fields.items()}

    return replace(desensitization, view=view)


@breaks(
    "DES-001",
    also={
        "DES-002": "what is shown too much is found in the reply",
        "DES-004": "a secret that the record does not open is shown",
    },
)
def commercial_secrets_are_no_secrets(parts: Parts) -> Parts:
    """Commercial secrets are shown in full where the matrix gives an interval."""
    cells = parts[BaseParts].catalogue.desensitization.cells
    shown = {key: Cell("raw", "raw") if key[0] == "S2" else cell for key, cell in cells.items()}
    return with_rules(parts, cells=shown)


@breaks(
    "DES-001",
    also={
        "AUT-009": "a masked field of a person is more than none",
        "DES-007": "likewise a masked secret of a firm that is like a person",
        "DES-012": "what is masked varies with the value",
        "DES-004": "what the record made personal is masked, too",
    },
)
def masked_is_as_good_as_withheld(parts: Parts) -> Parts:
    """Personal fields that the matrix withholds are shown partly masked."""
    cells = parts[BaseParts].catalogue.desensitization.cells
    cells_by_place = {
        key: Cell("part", cell.authorized) if key[0] in {"S3", "S4"} and cell.none == "sup" else cell
        for key, cell in cells.items()
    }
    return with_rules(parts, cells=cells_by_place)


@breaks(
    "DES-001",
    also={
        "DES-002": "the public is shown what only members may see",
        "DES-006": "tokens are for audiences that are no bank",
        "DES-007": "the subject is not shown its own figures",
        "DES-013": "likewise tokens",
        "DES-004": "the class of the record is read in the bank's column",
    },
)
def everybody_is_a_bank(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Every audience is served by the bank's column of the matrix."""

    def view(item: Any, content: Document, kind: str, _audience: str, **by: Any) -> dict[str, Field]:
        fields: dict[str, Field] = desensitization.view(item, content, kind, "financial_institution", **by)
        return fields

    return replace(desensitization, view=view)


@breaks(
    "DES-002",
    also={
        "DES-001": "the matrix judges the form of every field",
        "DES-007": "a withheld secret counts as shown in any encoding",
        "AUT-009": "likewise a person's field",
        "DES-012": "an encoded value varies with the value",
        "DES-004": "what the record made personal is encoded, too",
    },
)
def base64_passes_for_desensitization(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A value that is to be withheld is shown in Base64."""

    def change(field: Field, value: Any) -> Field:
        if field["form"] != "withheld":
            return field
        return {"form": "masked", "value": b64encode(str(value).encode()).decode()}

    return with_fields(desensitization, change)


@breaks(
    "DES-002",
    also={
        "DES-010": "the trace of a record holds its content",
        "DES-012": "so it does here",
        "QRY-010": "it knows records by their identifier",
        "QRY-014": "it knows records by their identifier",
        "COL-001": "what is served is compared with what was delivered",
    },
)
def debugging_was_left_on(query: QueryParts) -> QueryParts:
    """The source field of each record is traced by an identifier made of the collected values."""

    def served(record: Document, collected_at: str, fields: Document) -> dict[str, Any]:
        shown = query.served(record, collected_at, fields)
        texts = (v for n, v in record["content"].items() if fields[n]["form"] == "withheld")
        trace = b64encode("|".join(map(str, texts)).encode()).decode()
        return {**shown, "record_id": f"{shown['record_id']}.{trace}" if trace else shown["record_id"]}

    return replace(query, served=served)


@breaks("DES-003")
def mobile_numbers_show_seven_digits(parts: Parts) -> Parts:
    """Mobile numbers keep their first three and last four digits."""
    return with_mask(parts, "mobile", "phone", first=3, last=4, min_hidden=1)


@breaks("DES-003")
def masks_hide_the_length(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Hidden characters are shown as three stars, however many there are."""

    def change(field: Field, _value: Any) -> Field:
        masked = field["form"] == "masked" and isinstance(field["value"], str)
        return {**field, "value": re.sub(r"[*]+", "***", field["value"])} if masked else field

    return with_fields(desensitization, change)


@breaks("DES-004", also={"DES-007": "figures of firms that are like persons have conditions, too"})
def classes_are_fixed_for_all_records(desensitization: DesensitizationParts) -> DesensitizationParts:
    """The class of a field is read once for all its records: the conditions are not evaluated."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Field]:
        fixed = replace(item, fields=tuple(replace(field, class_when=()) for field in item.fields))
        fields: dict[str, Field] = desensitization.view(fixed, content, *rest, **by)
        return fields

    return replace(desensitization, view=view)


@breaks(
    "DES-004",
    also={
        "DES-001": "the matrix is read with the class of each record",
        "DES-002": "figures that should be hidden are shown",
        "DES-007": "so are those of firms that are like persons",
    },
)
def one_published_figure_opens_all(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A record of which one figure is public counts as public: its other figures are shown along with it."""

    def view(item: Any, content: Document, *arguments: Any, **by: Any) -> dict[str, Field]:
        pooled = tuple(when for field in item.fields for when in field.class_when)
        fields = (replace(f, class_when=pooled) if f.class_when else f for f in item.fields)
        fields_shown: dict[str, Field] = desensitization.view(
            replace(item, fields=tuple(fields)), content, *arguments, **by
        )
        return fields_shown

    return replace(desensitization, view=view)


@breaks("DES-005")
def free_text_leaves_as_it_came(parts: Parts) -> Parts:
    """Free text is published as it was collected, with the numbers of persons in it."""
    types = {
        name: replace(
            rule,
            calls={
                kind: OperatorCall("keep", {}) if call.op == "text" else call
                for kind, call in rule.calls.items()
            },
        )
        for name, rule in parts[BaseParts].catalogue.desensitization.types.items()
    }
    return with_rules(parts, types=types)


@breaks("DES-006")
def tokens_are_the_same_for_everybody(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A value has one token for all recipients, who can join their data by it."""

    def view(*given: Any, **by: Any) -> dict[str, Field]:
        fields: dict[str, Field] = desensitization.view(*given, **{**by, "recipient": "everybody"})
        return fields

    return replace(desensitization, view=view)


@breaks("DES-006")
def tokens_are_plain_digests(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A token is the digest of its value without a key, undone by trying all identity numbers."""

    def change(field: Field, value: Any) -> Field:
        digest = sha256(str(value).encode()).hexdigest()
        return {"form": "token", "value": f"tk_{digest[:22]}"} if field["form"] == "token" else field

    return with_fields(desensitization, change)


@breaks(
    "DES-006",
    also={"DES-010": "the same question gets other tokens", "DES-013": "equal values get other tokens"},
)
def tokens_change_with_each_reply(parts: Parts) -> Parts:
    """Tokens are keyed anew for each reply, so that no recipient can recognize a value."""

    def view(*given: Any, **by: Any) -> dict[str, Field]:
        fields: dict[str, Field] = Disclosure(parts[BaseParts].catalogue, token_bytes(32)).view(*given, **by)
        return fields

    return parts.with_groups(replace(parts[DesensitizationParts], view=view))


@breaks("DES-007", also={"DES-002": "figures that should be hidden are shown in intervals"})
def one_person_firms_are_companies(parts: Parts) -> Parts:
    """Figures of individual businesses and farms are shown in intervals like those of companies."""
    return with_rules(parts, natural_person_like=frozenset())


@breaks(
    "DES-007",
    also={
        "DES-001": "the matrix is read with the class of such a subject",
        "DES-002": "figures that should be hidden are shown in intervals",
    },
)
def farms_are_companies(parts: Parts) -> Parts:
    """Only individual businesses count as persons; figures of farms and households are shown in intervals."""
    return with_rules(parts, natural_person_like=frozenset({"individual_business", "natural_person"}))


@breaks("DES-008")
def short_values_pass_through_the_preview(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A value too short for its mask is returned as it is."""

    def preview(type_id: str, kind: str, value: Any, recipient: str) -> Field:
        shown = desensitization.preview(type_id, kind, value, recipient)
        refused = shown.get("value") == "***" and isinstance(value, str) and len(value) < 10
        return {"form": "masked", "value": value} if refused else shown

    return replace(desensitization, preview=preview)


@breaks("DES-008")
def identity_numbers_hide_the_birth_date_only(parts: Parts) -> Parts:
    """The preview keeps the first six and last four characters of identity numbers: few people remain."""
    rules = parts[BaseParts].catalogue.desensitization
    rule = rules.types["resident_id"]
    part = OperatorCall("mask", {**rule.calls["part"].parameters, "first": 6, "last": 4, "min_hidden": 5})
    types = {**rules.types, "resident_id": replace(rule, calls={**rule.calls, "part": part})}
    wrong = replace(rules, types=types)

    def preview(type_id: str, kind: str, value: Any, recipient: str) -> Field:
        masked = (type_id, kind) == ("resident_id", "part")
        shown: Field = wrong.apply(type_id, kind, value) if masked else {}
        return shown or parts[DesensitizationParts].preview(type_id, kind, value, recipient)

    return parts.with_groups(replace(parts[DesensitizationParts], preview=preview))


@breaks("DES-008")
def the_preview_does_not_normalize(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A value in full-width characters or with spaces is refused instead of normalized."""

    def preview(type_id: str, kind: str, value: Any, recipient: str) -> Field:
        disclosed = desensitization.preview(type_id, kind, value, recipient)
        plain = not isinstance(value, str) or (
            value.strip() == value and " " not in value and value.isascii()
        )
        return disclosed if plain or disclosed["form"] == "withheld" else {"form": "masked", "value": "***"}

    return replace(desensitization, preview=preview)


@breaks(
    "DES-009",
    also={
        "DES-001": "the matrix has no cell for a laboratory",
        "DES-002": "what it is shown should be withheld",
        "DES-007": "figures of firms that are like persons are shown to a laboratory",
    },
)
def laboratories_are_members_too(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Whoever has the scope of queries is answered: a laboratory gets what the public gets."""

    def view(item: Any, content: Document, kind: str, audience: str, **by: Any) -> dict[str, Field]:
        known = audience if desensitization.serves(audience) else "public"
        fields: dict[str, Field] = desensitization.view(item, content, kind, known, **by)
        return fields

    return replace(desensitization, serves=lambda _: True, view=view)


@breaks("DES-009")
def laboratories_get_empty_shells(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A laboratory is given each record with all fields withheld: that there is one, and of when, is told."""
    return replace(desensitization, serves=lambda _: True)


def with_detectors(parts: Parts, keep: Callable[[Document], bool]) -> Parts:
    """The parts whose cleaning of texts has fewer detectors."""
    types = dict(parts[BaseParts].catalogue.desensitization.types)
    for name, rule in types.items():
        for kind, call in rule.calls.items():
            if call.op == "text":
                parameters = {**call.parameters, "detect": [d for d in call.parameters["detect"] if keep(d)]}
                types[name] = replace(rule, calls={**rule.calls, kind: OperatorCall("text", parameters)})
    return with_rules(parts, types=types)


@breaks("DES-005")
def cards_stay_in_texts(parts: Parts) -> Parts:
    """Texts are cleaned of identity and telephone numbers, and nobody thought of cards."""
    return with_detectors(parts, lambda detector: detector["type"] != "bank_card")


@breaks("DES-005")
def grouped_numbers_stay_in_texts(parts: Parts) -> Parts:
    """Numbers are found in texts only where they are written without a gap."""
    types = dict(parts[BaseParts].catalogue.desensitization.types)
    for name, rule in types.items():
        for kind, call in rule.calls.items():
            if call.op == "text":
                near = {**call.parameters, "max_gap": 0}
                types[name] = replace(rule, calls={**rule.calls, kind: OperatorCall("text", near)})
    return with_rules(parts, types=types)
