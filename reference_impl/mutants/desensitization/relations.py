"""Replies that are right one by one and wrong together."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.mutants.desensitization.values import Field, with_fields
from reference_impl.parts import Parts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Document
from reference_impl.wire.message import Reply


def with_asked(
    desensitization: DesensitizationParts, change: Callable[[dict[str, Field], int], dict[str, Field]]
) -> DesensitizationParts:
    """The parts with a view that depends on how often this recipient has seen this record before."""
    views: Counter[str] = Counter()

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Field]:
        fields: dict[str, Field] = desensitization.view(item, content, *rest, **by)
        name = f"{by['recipient']} {item.code} {sorted(map(str, content.values()))}"
        views[name] += 1
        return change(fields, views[name])

    return replace(desensitization, view=view)


@breaks("DES-010", also={"DES-003": "a mask that has moved is not the rule's"})
def masks_move_on(desensitization: DesensitizationParts) -> DesensitizationParts:
    """From the third reply on the other end of a value is masked, which looks fair and shows all of it."""

    def change(fields: dict[str, Field], times: int) -> dict[str, Field]:
        masked = {n for n, f in fields.items() if f["form"] == "masked" and isinstance(f["value"], str)}
        turned = {n: {**fields[n], "value": fields[n]["value"][::-1]} for n in masked if times > 2}
        return {**fields, **turned}

    return with_asked(desensitization, change)


@breaks(
    "DES-010",
    also={
        "DES-003": "an interval with noise is not the rule's",
        "DES-011": "it compares replies that noise sets apart",
        "QRY-007": "it compares replies that noise sets apart",
        "QRY-013": "it compares replies that noise sets apart",
    },
)
def intervals_are_noisy(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Later replies shift the ends of intervals a little, which is averaged out by asking again."""

    def change(fields: dict[str, Field], times: int) -> dict[str, Field]:
        def shifted(field: Field) -> Field:
            known = field["form"] == "bucket" and field["min"] is not None and times > 2
            return {**field, "min": field["min"] + times} if known else field

        return {name: shifted(field) for name, field in fields.items()}

    return with_asked(desensitization, change)


@breaks("DES-011", also={"AUT-003": "what was authorized once stays open"})
def what_was_opened_stays_open(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Who was authorized once is served from a cache for good: the record is known to it anyway."""
    authorized_names: set[str] = set()

    def view(item: Any, content: Document, *arguments: Any, **by: Any) -> dict[str, Field]:
        name = f"{by['recipient']} {item.code} {sorted(map(str, content.values()))}"
        if by["authorized"]:
            authorized_names.add(name)
        fields: dict[str, Field] = desensitization.view(
            item, content, *arguments, **{**by, "authorized": name in authorized_names}
        )
        return fields

    return replace(desensitization, view=view)


@breaks("DES-011")
def revocation_closes_what_is_open(query: QueryParts) -> QueryParts:
    """Whoever cites a revoked authorization is refused even what everybody may see."""

    def query_item(call: Any, code: str, asked: Any, cited: Any) -> dict[str, Any]:
        result = query.query_item(call, code, asked, cited)
        if any(authorization.revoked_at for authorization in cited):
            return {**result, "status": "not_authorized", "records": []}
        return result

    return replace(query, query_item=query_item)


@breaks("DES-012")
def records_are_sorted_by_what_is_hidden(parts: Parts) -> Parts:
    """Records come in the order of their values, hidden ones included, as the database has its index."""
    original_values: dict[str, str] = {}

    def view(item: Any, content: Document, *arguments: Any, **by: Any) -> dict[str, Field]:
        fields: dict[str, Field] = parts[DesensitizationParts].view(item, content, *arguments, **by)
        key = str(sorted((name, str(field)) for name, field in fields.items()))
        secret = sorted(str(content[n]) for n, field in fields.items() if field["form"] == "withheld")
        original_values[key] = " ".join(secret)
        return fields

    def order(record: Document) -> str:
        key = str(sorted((name, str(field)) for name, field in record["fields"].items()))
        return original_values.get(key, "")

    def arrange(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = parts[QueryParts].arrange(results)
        return [{**result, "records": sorted(result["records"], key=order)} for result in found]

    return parts.with_groups(
        replace(parts[DesensitizationParts], view=view), replace(parts[QueryParts], arrange=arrange)
    )


@breaks("DES-012")
def replies_carry_a_checksum_of_the_record(parts: Parts) -> Parts:
    """A header tells whether a record has changed: a sum over all of it, hidden fields included."""
    last: dict[str, str] = {}

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Field]:
        text = last.get("sum", "") + str(sorted((n, str(v)) for n, v in content.items()))
        last["sum"] = sha256(text.encode()).hexdigest()[:8]
        return parts[DesensitizationParts].view(item, content, *rest, **by)

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts[WireParts].finish(operation, reply)
        headers = {**reply.headers, "X-Record-Sum": last.pop("sum", "0")}
        return replace(reply, headers=headers) if operation == "createQuery" else reply

    return parts.with_groups(
        replace(parts[DesensitizationParts], view=view), replace(parts[WireParts], finish=finish)
    )


@breaks("DES-013")
def tokens_are_salted_by_the_record(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Each record has a salt of its own, so that nobody can be recognized across records, nor reconciled."""

    def view(item: Any, content: Document, *arguments: Any, **by: Any) -> dict[str, Field]:
        salt = sha256(str(sorted(map(str, content.values()))).encode()).hexdigest()
        fields: dict[str, Field] = desensitization.view(
            item, content, *arguments, **{**by, "recipient": by["recipient"] + salt}
        )
        return fields

    return replace(desensitization, view=view)


@breaks("DES-013", also={"DES-006": "such a token is the same for all recipients"})
def tokens_stand_for_place_and_day_of_birth(desensitization: DesensitizationParts) -> DesensitizationParts:
    """A token is made of the first fourteen characters only, by which the indexes of old systems go."""

    def change(field: Field, value: Any) -> Field:
        if field["form"] != "token":
            return field
        keyed = sha256(desensitization.token_key + str(value)[:14].encode()).hexdigest()
        return {"form": "token", "value": f"tk_{keyed[:22]}"}

    return with_fields(desensitization, change)
