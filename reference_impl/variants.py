"""Platforms that obey in another style: each replaces parts by others that the standard allows as well."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.clock import on_day
from reference_impl.groups import Parts, changed
from reference_impl.parts.admission import AdmissionParts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.docking import DockingParts
from reference_impl.parts.source import SourceParts, SourceReply
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Caller, Document, Problem, Refusal
from reference_impl.settings import Settings
from reference_impl.standard import Rejection
from reference_impl.wire.message import Call, Reply

Body = dict[str, Any]
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+]08:00")
PROCESSING_SECONDS = 0.3
CHUNK = 64
"""Bytes that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another conforming platform; its description is the function's docstring."""

    name: str
    function: Callable[[Any], Any]
    """From a group to a group, or from `Parts` to `Parts`."""
    settings: Callable[[Settings], Settings] = lambda settings: settings

    @property
    def description(self) -> str:
        """The freedom of the standard that the platform uses."""
        return (self.function.__doc__ or "").strip()

    def make(self, parts: Parts) -> Parts:
        """The parts of the variant, from those of the reference platform."""
        return changed(parts, self.function)


def terse(parts: Parts) -> Parts:
    """Says no more than it must: optional members and withheld fields are left out, moments are in UTC."""

    def view(*given: Any, **by: Any) -> Body:
        fields = parts[DesensitizationParts].view(*given, **by)
        return {name: shown for name, shown in fields.items() if shown["form"] != "withheld"}

    def problem(problem: Problem) -> Reply:
        reply = parts[WireParts].problem(problem)
        return replace(reply, body=_without(reply.body, "detail", "errors"))

    def record(caller: Caller, body: Document, name: str, at: str) -> Body:
        document = parts[AuthorizationParts].record(caller, body, name, at)
        return {**document, "subject": _without(document["subject"], "name")}

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts[WireParts].finish(operation, reply)
        status = 200 if operation == "putInstitution" and reply.status == 201 else reply.status
        # The log stays as it is: its hashes are of what was written.
        body = reply.body if operation == "listAuditEvents" else _in_utc(reply.body)
        return replace(reply, status=status, body=body)

    return parts.with_groups(
        replace(parts[DesensitizationParts], view=view),
        replace(parts[WireParts], problem=problem, finish=finish),
        replace(parts[AuthorizationParts], record=record),
        replace(
            parts[AdmissionParts],
            institution_view=lambda document: _without(
                parts[AdmissionParts].institution_view(document), "jwks", "contact"
            ),
        ),
        replace(
            parts[CollectionParts],
            validate_record=lambda found: [
                replace(r, rule=None) for r in parts[CollectionParts].validate_record(found)
            ],
        ),
    )


def one_a_page(settings: Settings) -> Settings:
    """Pages of one element, and of some more where that is asked for."""
    return replace(settings, limits=replace(settings.limits, page_size=1, max_page_size=25))


def slow_batches(wire: WireParts) -> WireParts:
    """Takes a delivery first and judges it later: for a while a batch is processing and has no outcomes."""
    accepted_at: dict[str, float] = {}

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        if reply.status >= 400 or operation not in {"createBatch", "getBatch"}:
            return reply
        since = accepted_at.setdefault(reply.body["batch_id"], time.monotonic())
        if operation == "createBatch" or time.monotonic() < since + PROCESSING_SECONDS:
            return replace(reply, body=_unfinished(reply.body))
        return reply

    return replace(wire, finish=finish)


def strict(parts: Parts) -> Parts:
    """Refuses as early and as plainly as it may: ended periods, foreign subjects, unproved clients."""

    def check_grant(caller: Caller, body: Document) -> None:
        try:
            parts[AuthorizationParts].check_grant(caller, body)
        except Refusal:
            raise Refusal("authorization_invalid") from None
        if body["valid_until"] < str(parts[BaseParts].clock().astimezone(CHINA).date()):
            errors = [{"pointer": "/valid_until", "message": "has passed"}]
            raise Refusal("authorization_invalid", errors=errors)

    def problem(problem: Problem) -> Reply:
        if problem.code == "assertion_invalid":
            return parts[WireParts].problem(Problem("forbidden"))
        return parts[WireParts].problem(problem)

    return parts.with_groups(
        replace(parts[AuthorizationParts], check_grant=check_grant),
        replace(parts[WireParts], problem=problem),
    )


def short_tokens(settings: Settings) -> Settings:
    """Tokens that end within a minute."""
    return replace(settings, limits=replace(settings.limits, token_seconds=60))


HIDDEN: Mapping[str, str] = {"forbidden": "not_found", "institution_suspended": "invalid_token"}


def eager(parts: Parts) -> Parts:
    """Says more than it must, in an order of its own, and hides what a caller may not use."""

    def problem(problem: Problem) -> Reply:
        reply = parts[WireParts].problem(replace(problem, code=HIDDEN.get(problem.code, problem.code)))
        return replace(reply, body={**reply.body, "instance": "urn:uuid:0", "support": "see the manual"})

    def validate(record: object) -> Sequence[Rejection]:
        found = parts[CollectionParts].validate_record(record)
        general = [replace(found[0], pointer="", rule=None)] if found else []
        return [*general, *(_at_the_holder(record, rejection) for rejection in found)]

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts[WireParts].finish(operation, reply)
        if operation != "getBatch" or reply.status >= 400:
            return reply
        return replace(reply, body={**reply.body, "outcomes": reply.body["outcomes"][::-1]})

    def describe(call: Call) -> Body:
        descriptor = parts[DockingParts].describe(call)
        limits = {**descriptor["limits"], "max_page_size": call.settings.limits.max_page_size}
        return {**descriptor, "limits": limits, "contact": {"department": "operations"}}

    return parts.with_groups(
        replace(parts[WireParts], problem=problem, finish=finish),
        replace(parts[CollectionParts], validate_record=validate),
        replace(parts[DockingParts], describe=describe),
    )


def in_transition(parts: Parts) -> Parts:
    """Runs on the last day on which records of the checklist version before are taken."""
    catalogue = parts[BaseParts].catalogue
    return on_day(parts, catalogue.editions[-1].effective_from + timedelta(catalogue.transition_days - 1))


def streaming(parts: Parts) -> Parts:
    """Sends what it asks sources in chunks, as HTTP clients do that do not know the length of a body."""
    source = parts[SourceParts]

    def post(
        url: str, body: bytes | Iterable[bytes], headers: Mapping[str, str], seconds: float, limit: int
    ) -> SourceReply:
        whole_body = body if isinstance(body, bytes) else b"".join(body)
        chunks = (whole_body[start : start + CHUNK] for start in range(0, len(whole_body), CHUNK))
        return source.post(url, chunks, headers, seconds, limit)

    return parts.with_groups(replace(source, post=post))


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("terse", terse, one_a_page),
        Variant("slow-batches", slow_batches),
        Variant("strict", strict, short_tokens),
        Variant("eager", eager),
        Variant("in-transition", in_transition),
        Variant("streaming", streaming),
    )
}


def _without(document: Document, *names: str) -> Body:
    return {name: value for name, value in document.items() if name not in names}


def _in_utc(value: Any) -> Any:
    """Moments in UTC, wherever they stand; disclosed values stay as they were collected."""
    if isinstance(value, dict):
        return {name: part if name == "fields" else _in_utc(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_utc(part) for part in value]
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _unfinished(body: Document) -> Body:
    """A batch of which nothing is known yet but its size."""
    unknown = {"accepted": 0, "rejected": 0, "duplicates": 0, "outcomes": [], "next_cursor": None}
    return {**body, **{n: v for n, v in unknown.items() if n in body}, "status": "processing"}


def _at_the_holder(record: object, rejection: Rejection) -> Rejection:
    """A member that is missing or unknown is named by the object that lacks or holds it."""
    holder, _, name = rejection.pointer.rpartition("/")
    node: Any = record
    for token in holder.split("/")[1:]:
        node = node.get(token) if isinstance(node, dict) else None
    is_absent = isinstance(node, dict) and name not in node
    return (
        replace(rejection, pointer=holder) if is_absent or rejection.code == "forbidden_field" else rejection
    )
