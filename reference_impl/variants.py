"""Platforms that obey in another style: each replaces parts by others that the standard allows as well."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reference_impl.days import on_day
from reference_impl.http.message import Call, Reply
from reference_impl.http.source import SourceReply
from reference_impl.parts import Parts
from reference_impl.policy.model import CHINA, Caller, Document, Problem, Refusal
from reference_impl.program import program_digest
from reference_impl.settings import Settings
from reference_impl.standard import Rejection

Body = dict[str, Any]
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+]08:00")
PROCESSING_SECONDS = 0.3
CHUNK = 64
"""Bytes that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another conforming platform; its description is the function's first sentence."""

    name: str
    make: Callable[[Parts], Parts]
    settings: Callable[[Settings], Settings] = lambda settings: settings

    def describe(self) -> dict[str, Any]:
        description = (self.make.__doc__ or "").strip()
        return {"description": description, "digest": program_digest(self.make)}


def terse(parts: Parts) -> Parts:
    """Says no more than it must: optional members and withheld fields are left out, moments are in UTC."""

    def view(*given: Any, **by: Any) -> Body:
        fields = parts.view(*given, **by)
        return {name: shown for name, shown in fields.items() if shown["form"] != "withheld"}

    def problem(problem: Problem) -> Reply:
        reply = parts.problem(problem)
        return replace(reply, body=_without(reply.body, "detail", "errors"))

    def record(caller: Caller, body: Document, name: str, at: str) -> Body:
        document = parts.authorization_record(caller, body, name, at)
        return {**document, "subject": _without(document["subject"], "name")}

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        status = 200 if operation == "putInstitution" and reply.status == 201 else reply.status
        # The log stays as it is: its hashes are of what was written.
        body = reply.body if operation == "listAuditEvents" else _in_utc(reply.body)
        return replace(reply, status=status, body=body)

    return replace(
        parts,
        view=view,
        problem=problem,
        finish=finish,
        authorization_record=record,
        institution_view=lambda document: _without(parts.institution_view(document), "jwks", "contact"),
        validate_record=lambda found: [replace(r, rule=None) for r in parts.validate_record(found)],
    )


def one_a_page(settings: Settings) -> Settings:
    """Pages of one element, and of some more where that is asked for."""
    return replace(settings, limits=replace(settings.limits, page_size=1, max_page_size=25))


def slow_batches(parts: Parts) -> Parts:
    """Takes a delivery first and judges it later: for a while a batch is processing and has no outcomes."""
    taken: dict[str, float] = {}

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        if reply.status >= 400 or operation not in {"createBatch", "getBatch"}:
            return reply
        since = taken.setdefault(reply.body["batch_id"], time.monotonic())
        if operation == "createBatch" or time.monotonic() < since + PROCESSING_SECONDS:
            return replace(reply, body=_unfinished(reply.body))
        return reply

    return replace(parts, finish=finish)


def strict(parts: Parts) -> Parts:
    """Refuses as early and as plainly as it may: ended periods, foreign subjects, unproved clients."""

    def check_grant(caller: Caller, body: Document) -> None:
        try:
            parts.check_grant(caller, body)
        except Refusal:
            raise Refusal("authorization_invalid") from None
        if body["valid_until"] < str(parts.clock().astimezone(CHINA).date()):
            errors = [{"pointer": "/valid_until", "message": "has passed"}]
            raise Refusal("authorization_invalid", errors=errors)

    def problem(problem: Problem) -> Reply:
        if problem.code == "assertion_invalid":
            return parts.problem(Problem("forbidden"))
        return parts.problem(problem)

    return replace(parts, check_grant=check_grant, problem=problem)


def short_tokens(settings: Settings) -> Settings:
    """Tokens that end within a minute."""
    return replace(settings, limits=replace(settings.limits, token_seconds=60))


HIDDEN: Mapping[str, str] = {"forbidden": "not_found", "institution_suspended": "invalid_token"}


def eager(parts: Parts) -> Parts:
    """Says more than it must, in an order of its own, and hides what a caller may not use."""

    def problem(problem: Problem) -> Reply:
        reply = parts.problem(replace(problem, code=HIDDEN.get(problem.code, problem.code)))
        return replace(reply, body={**reply.body, "instance": "urn:uuid:0", "support": "see the manual"})

    def validate(record: object) -> Sequence[Rejection]:
        found = parts.validate_record(record)
        general = [replace(found[0], pointer="", rule=None)] if found else []
        return [*general, *(_at_the_holder(record, rejection) for rejection in found)]

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        if operation != "getBatch" or reply.status >= 400:
            return reply
        return replace(reply, body={**reply.body, "outcomes": reply.body["outcomes"][::-1]})

    def describe(call: Call) -> Body:
        descriptor = parts.describe(call)
        limits = {**descriptor["limits"], "max_page_size": call.settings.limits.max_page_size}
        return {**descriptor, "limits": limits, "contact": {"department": "operations"}}

    return replace(parts, problem=problem, validate_record=validate, finish=finish, describe=describe)


def in_transition(parts: Parts) -> Parts:
    """Runs on the last day on which records of the checklist version before are taken."""
    catalogue = parts.catalogue
    return on_day(parts, catalogue.editions[-1].effective_from + timedelta(catalogue.transition_days - 1))


def streaming(parts: Parts) -> Parts:
    """Sends what it asks sources in chunks, as HTTP clients do that do not know the length of a body."""

    def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float, limit: int) -> SourceReply:
        chunks = (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))
        reply: SourceReply = parts.post_source(url, chunks, headers, seconds, limit)
        return reply

    return replace(parts, post_source=post)


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
    here: Any = record
    for token in holder.split("/")[1:]:
        here = here.get(token) if isinstance(here, dict) else None
    missing = isinstance(here, dict) and name not in here
    return replace(rejection, pointer=holder) if missing or rejection.code == "forbidden_field" else rejection
