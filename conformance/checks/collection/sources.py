"""Checks of the part collection (COL): items that stay at their source, asked or verified when queried."""

from typing import Any

from conformance import expect
from conformance.actors import Cast, Grant, Subject
from conformance.actors.faulty_replies import MOVED, WRONG
from conformance.actors.records import identity_of
from conformance.actors.source import ON_DEMAND
from conformance.checks.shared.assertions import RECORD, only_record, refused_without_fields, result
from conformance.checks.shared.items import public
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Field, Item
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Answer, Incoming, Reply
from conformance.oracles.validate import schema_validator

STATUS = "reply.body/results/0/status"
NONE_OF_IT = ("none", "purpose", "recipient")
"""How an authorization may fail to serve a query."""
NO_YES_OR_NO = {"down": Answer(status=0), "text": Answer(body=b'{"matches": "true"}')}


def at_source(standard: Standard) -> tuple[str, ...]:
    """Every item that is asked at its source."""
    return tuple(i.code for i in standard.checklist.items if i.collection_mode == ON_DEMAND)


def on_demand(ctx: Context) -> Item:
    """An item that is asked at its source, and closed without authorization."""
    for item in ctx.standard.checklist.items:
        if item.collection_mode == ON_DEMAND and item.disclosure == "authorized":
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": ON_DEMAND}))


def verifiable(ctx: Context) -> tuple[Item, Field]:
    """An item of which values can be verified, with the field that identifies the person they are about."""
    for item in ctx.standard.checklist.items:
        for field in map(item.field, item.verifiable):
            if field.person and field.person.identified_by == field.name:
                return item, field
    raise NotVerified(Message("checks.no_such_item", {"kind": "verify"}))


class Scene:
    """A subject with one record at the source, and a bank that it has authorized: it *is* served."""

    def __init__(self, ctx: Context, item: Item | None = None) -> None:
        self.cast, self.item = Cast(ctx), item or on_demand(ctx)
        self.subject = self.cast.subject(self.item.subject_types[0])
        self.bank = self.cast.institution()
        self.record = self.cast.stored(self.item, self.subject)
        self.grant = self.cast.authorize(self.subject, self.bank, self.item)

    def ask(self) -> Reply:
        return self.cast.ask(self.bank.token, self.subject, (self.item,), (self.grant,))

    def control(self) -> None:
        self.cast.control(self.bank.token, self.subject, self.item, self.grant)


@verifies("COL-009", expand=at_source)
def item_at_its_source_is_answered_by_it(ctx: Context) -> None:
    cast, item = Cast(ctx), ctx.standard.checklist.item(ctx.case.parameter)
    subject, bank = cast.subject(item.subject_types[0]), cast.institution()
    records = [cast.stored(item, subject) for _ in range(2)]
    grant = cast.authorize(subject, bank, item)

    reply = cast.ask(bank.token, subject, (item,), (grant,))

    expect.equal(result(reply).get("status"), "ok", STATUS, reply)
    served = [one.get("record_id") for one in expect.objects(reply, "/results/0/records")]
    expected = sorted(record["record_id"] for record in records)
    expect.equal(sorted(map(str, served)), expected, "reply.body/results/0/records (record_id)", reply)
    expect.true(cast.asked(), Message("checks.source_not_asked"), where="source", reply=reply)


@verifies("COL-009")
def source_without_records_is_answered_empty(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()
    other = scene.cast.subject(scene.item.subject_types[0])
    scene.cast.hold(scene.item, other)
    grant = scene.cast.authorize(other, scene.bank, scene.item)

    reply = scene.cast.ask(scene.bank.token, other, (scene.item,), (grant,))

    expect.equal(result(reply).get("status"), "empty", STATUS, reply)


@verifies("COL-010", expand=lambda _: NONE_OF_IT)
def source_is_not_asked_without_authorization(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()
    known = len(scene.cast.asked())
    grants, purpose = unserving(scene, ctx.case.parameter)

    reply = scene.cast.ask(scene.bank.token, scene.subject, (scene.item,), grants, purpose)

    refused_without_fields(reply)
    not_asked_again(scene.cast, known, reply)


def unserving(scene: Scene, how: str) -> tuple[tuple[Grant, ...], str]:
    """Authorizations to cite, and the purpose to state, so that none serves."""
    if how == "none":
        return (), "pre_loan"
    if how == "purpose":
        return (scene.grant,), "post_loan"
    other = scene.cast.institution()
    return (scene.cast.authorize(scene.subject, other, scene.item),), "pre_loan"


def not_asked_again(cast: Cast, known: int, reply: Reply) -> None:
    now = len(cast.asked())
    expect.true(
        now == known, Message("checks.source_asked", {"count": now - known}), where="source", reply=reply
    )


@verifies("COL-010")
def value_of_a_person_is_not_verified_without_the_person(ctx: Context) -> None:
    claim = Claim(ctx)
    claim.cast.confirm(claim.item, claim.subject, matches=True)
    whole = (claim.of_subject, claim.of_person)
    claimed = result(claim.ask(*whole))
    if claimed.get("verified") is not True:
        shown = {"item": claim.item.code, "status": claimed.get("status")}
        raise NotVerified(Message("checks.control_failed", shown))
    known = len(claim.cast.asked())

    reply = claim.ask(claim.of_subject)

    refused_without_fields(reply)
    expect.absent(result(reply), "verified", "reply.body/results/0", reply)
    not_asked_again(claim.cast, known, reply)


@verifies("COL-011")
def later_query_rests_on_what_the_source_then_says(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()

    scene.cast.hold(scene.item, scene.subject)
    gone = scene.ask()
    scene.cast.hold(scene.item, scene.subject, {**scene.record, "record_version": 2, "operation": "update"})
    changed = scene.ask()

    expect.equal(result(gone).get("status"), "empty", STATUS, gone)
    version = only_record(changed).get("record_version")
    expect.equal(version, 2, f"reply.body{RECORD}/record_version", changed)


@verifies("COL-011")
def earlier_answer_does_not_stand_in_for_a_silent_source(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()

    scene.cast.stage(scene.item, scene.subject, Answer(status=0))
    reply = scene.ask()

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.equal(result(reply).get("records"), [], "reply.body/results/0/records", reply)


@verifies("COL-011")
def verification_is_made_each_time(ctx: Context) -> None:
    claim = Claim(ctx)
    for matches in (True, False):
        claim.cast.confirm(claim.item, claim.subject, matches=matches)

        reply = claim.ask(claim.of_subject, claim.of_person)

        expect.equal(result(reply).get("verified"), matches, "reply.body/results/0/verified", reply)


@verifies("COL-012", expand=lambda _: tuple(WRONG))
def unusable_answer_makes_the_source_unavailable(ctx: Context) -> None:
    limit = float(ctx.standard.parameter("COL-012", "source_answer_seconds").value)
    scene = Scene(ctx)
    scene.control()
    wrong = WRONG[ctx.case.parameter](scene.cast, scene.item, scene.subject, scene.record, limit)
    scene.cast.stage(scene.item, scene.subject, wrong)

    reply = scene.ask()

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.equal(result(reply).get("records"), [], "reply.body/results/0/records", reply)
    late = Message("checks.source_too_slow", {"limit": limit, "elapsed": round(reply.elapsed, 1)})
    expect.true(reply.elapsed <= limit, late, where="reply", reply=reply)
    elsewhere = [one.url for one in scene.cast.asked() if MOVED in one.url]
    expect.equal(elsewhere, [], "source.url", reply)


@verifies("COL-012")
def silent_source_spoils_no_other_item(ctx: Context) -> None:
    scene, other = Scene(ctx), public(ctx)
    scene.control()
    scene.cast.stored(other, scene.subject)
    scene.cast.stage(scene.item, scene.subject, Answer(status=0))

    asked = (scene.item, other)
    reply = scene.cast.ask(scene.bank.token, scene.subject, asked, (scene.grant,))

    expect.status(reply, 200)
    stated = [one.get("status") for one in expect.objects(reply, "/results")]
    expect.equal(stated, ["source_unavailable", "ok"], "reply.body/results (status)", reply)


@verifies("COL-012", expand=lambda _: tuple(NO_YES_OR_NO))
def unusable_verification_makes_the_source_unavailable(ctx: Context) -> None:
    claim = Claim(ctx)
    claim.cast.stage(claim.item, claim.subject, NO_YES_OR_NO[ctx.case.parameter])

    reply = claim.ask(claim.of_subject, claim.of_person)

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.absent(result(reply), "verified", "reply.body/results/0", reply)


@verifies("COL-013")
def request_for_records_obeys_the_provider_api(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()
    scene.control()

    asked = scene.cast.asked()
    obeys(ctx, asked, "askRecords", scene.subject)


@verifies("COL-013")
def request_for_verification_obeys_the_provider_api(ctx: Context) -> None:
    claim = Claim(ctx)
    claim.cast.confirm(claim.item, claim.subject, matches=True)
    claim.ask(claim.of_subject, claim.of_person)

    asked = claim.cast.asked()
    obeys(ctx, asked, "verifyClaims", claim.subject)
    claimed = expect_json(asked[-1]).get("claims")
    expect.equal(claimed, claim.values, "source.request.body/claims")


def obeys(ctx: Context, asked: tuple[Incoming, ...], operation: str, subject: Subject) -> None:
    """There are requests, and each is what the provider API has agreed."""
    if not asked:
        raise NotVerified(Message("checks.source_not_asked"))
    agreed = ctx.standard.provider_api.operations[operation]
    faults = schema_validator(agreed.request_schemas["application/json"])
    for one in asked:
        expect.equal(one.operation, operation, "source.request (operation)")
        expect.absent(one.url, "?", "source.request.url")
        expect.equal(list(one.faults), [], "source.request.headers/authorization")
        body = expect_json(one)
        wrong = [f"{fault.pointer} {fault.keyword}" for fault in faults(body)]
        expect.equal(wrong, [], "source.request.body")
        named = [identifier["value"] for identifier in body["subject"]["ids"]]
        expect.equal(named, [subject.value], "source.request.body/subject/ids")
        others = [f"{name}: {value}" for name, value in one.headers if subject.value in value]
        expect.equal(others, [], "source.request.headers")


def expect_json(one: Incoming) -> dict[str, Any]:
    """The body of a request to the source as a JSON object."""
    try:
        body = one.json
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        expect.violated("expect.json_object", "source.request.body", "object", None)
    return body


@verifies("COL-014", expand=lambda _: ("yes", "no"))
def verification_says_only_whether_claims_match(ctx: Context) -> None:
    claim, matches = Claim(ctx), ctx.case.parameter == "yes"
    claim.cast.stored(claim.item, claim.subject, claim.content)
    claim.cast.confirm(claim.item, claim.subject, matches=matches)

    reply = claim.ask(claim.of_subject, claim.of_person)

    answered = result(reply)
    expect.equal(answered.get("status"), "ok", STATUS, reply)
    expect.equal(answered.get("verified"), matches, "reply.body/results/0/verified", reply)
    expect.equal(answered.get("records"), [], "reply.body/results/0/records", reply)


@verifies("COL-014")
def claims_about_other_fields_are_refused(ctx: Context) -> None:
    claim, other = Claim(ctx), public(ctx)
    claim.cast.confirm(claim.item, claim.subject, matches=True)
    expect.status(claim.ask(claim.of_subject, claim.of_person), 200)
    field = next(f.name for f in other.fields if f.schema.get("type") == "string")
    body = claim.cast.query_body(claim.subject, (other,), (), "pre_loan")

    reply = claim.cast.ask_body(claim.bank.token, {**body, "claims": {other.code: {field: "X"}}})

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))


class Claim:
    """Claimed values about a person of a subject, and a bank that both have authorized."""

    def __init__(self, ctx: Context) -> None:
        self.cast = Cast(ctx)
        self.item, field = verifiable(ctx)
        self.subject, self.bank = self.cast.subject(self.item.subject_types[0]), self.cast.institution()
        person = self.cast.subject("natural_person")
        fixed = identity_of(self.item, field.name, person)
        self.content = self.cast.record(self.item, self.subject, fixed, optional=True)["content"]
        self.values = {name: self.content[name] for name in self.item.verifiable}
        self.of_subject = self.cast.authorize(self.subject, self.bank, self.item)
        self.of_person = self.cast.authorize(person, self.bank, self.item)

    def ask(self, *grants: Grant) -> Reply:
        named = [grant.id for grant in grants]
        body = self.cast.query_body(self.subject, (self.item,), named, "pre_loan")
        return self.cast.ask_body(self.bank.token, {**body, "claims": {self.item.code: self.values}})


@verifies("COL-015", expand=at_source)
def record_of_an_item_at_its_source_is_rejected(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), ctx.standard.checklist.item(ctx.case.parameter)
    collected = public(ctx)
    cast.accepted(cast.deliver(collected, cast.record(collected, cast.subject())), collected)

    delivery = cast.deliver(item, cast.record(item, cast.subject(item.subject_types[0])))

    stated = delivery.outcome(0).get("outcome")
    expect.equal(stated, "rejected", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-015")
def record_delivered_all_the_same_is_not_served(ctx: Context) -> None:
    scene = Scene(ctx)
    scene.control()
    extra = scene.cast.record(scene.item, scene.subject)

    scene.cast.deliver(scene.item, extra)
    reply = scene.ask()

    served = only_record(reply).get("record_id")
    expect.equal(served, scene.record["record_id"], f"reply.body{RECORD}/record_id", reply)
