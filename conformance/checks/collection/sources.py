"""Checks of the part collection (COL): items that stay at their source, asked or verified when queried."""

from typing import Any

from conformance import expect
from conformance.actors import Grant, Network, RecordSource, Subject
from conformance.actors.faulty_replies import FAULTY_REPLIES, MOVED, Question
from conformance.actors.inquirer import query_body
from conformance.actors.source import ON_DEMAND
from conformance.checks.collection.source_scenes import SourceScene, VerificationScene
from conformance.checks.shared.assertions import RECORD, only_record, require_not_authorized, result
from conformance.checks.shared.items import public_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Incoming, Reply, StagedAnswer
from conformance.oracles.validate import schema_validator

STATUS = "reply.body/results/0/status"
FLAWS = ("none", "purpose", "recipient")
"""Why no authorization applies to a query."""
UNUSABLE_VERIFICATIONS = {"down": StagedAnswer(status=0), "text": StagedAnswer(body=b'{"matches": "true"}')}


def at_source(standard: Standard) -> tuple[str, ...]:
    """Every item that is asked at its source."""
    return tuple(i.code for i in standard.checklist.items if i.collection_mode == ON_DEMAND)


@verifies("COL-009", expand=at_source)
def item_at_its_source_is_answered_by_it(ctx: Context) -> None:
    network, item = Network(ctx), ctx.standard.checklist.item(ctx.case.parameter)
    subject, bank = network.subject(item.subject_types[0]), network.institution()
    records = [network.provider.store(item, subject) for _ in range(2)]
    grant = subject.authorize(bank, item)

    reply = bank.query(subject, item, citing=grant)

    expect.equal(result(reply).get("status"), "ok", STATUS, reply)
    record_ids = [one.get("record_id") for one in expect.objects(reply, "/results/0/records")]
    expected = sorted(record["record_id"] for record in records)
    expect.equal(sorted(map(str, record_ids)), expected, "reply.body/results/0/records (record_id)", reply)
    expect.true(network.source.received(), Message("checks.source_not_asked"), where="source", reply=reply)


@verifies("COL-009")
def source_without_records_is_answered_empty(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()
    other_subject = scene.network.subject(scene.item.subject_types[0])
    scene.source.hold_only(scene.item, other_subject)
    grant = other_subject.authorize(scene.bank, scene.item)

    reply = scene.bank.query(other_subject, scene.item, citing=grant)

    expect.equal(result(reply).get("status"), "empty", STATUS, reply)


@verifies("COL-010", expand=lambda _: FLAWS)
def source_is_not_asked_without_authorization(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()
    before = len(scene.source.received())
    grants, purpose = useless_grants(scene, ctx.case.parameter)

    reply = scene.bank.query(scene.subject, scene.item, citing=grants, purpose=purpose)

    require_not_authorized(reply)
    require_no_request_since(scene.source, before, reply)


def useless_grants(scene: SourceScene, flaw: str) -> tuple[tuple[Grant, ...], str]:
    """Authorizations to cite and the purpose to state, so that none of them applies."""
    if flaw == "none":
        return (), "pre_loan"
    if flaw == "purpose":
        return (scene.grant,), "post_loan"
    other_bank = scene.network.institution()
    return (scene.subject.authorize(other_bank, scene.item),), "pre_loan"


def require_no_request_since(source: RecordSource, before: int, reply: Reply) -> None:
    """The source has received no more requests than before."""
    count = len(source.received()) - before
    expect.true(count == 0, Message("checks.source_asked", {"count": count}), where="source", reply=reply)


@verifies("COL-010")
def value_of_a_person_is_not_verified_without_the_person(ctx: Context) -> None:
    claim = VerificationScene(ctx)
    claim.source.will_confirm(claim.item, claim.subject, matches=True)
    control = result(claim.verify_with_consent())
    if control.get("verified") is not True:
        values = {"item": claim.item.code, "status": control.get("status")}
        raise NotVerified(Message("checks.control_failed", values))
    before = len(claim.source.received())

    reply = claim.verify(claim.subject_grant)

    require_not_authorized(reply)
    expect.absent(result(reply), "verified", "reply.body/results/0", reply)
    require_no_request_since(claim.source, before, reply)


@verifies("COL-011")
def later_query_rests_on_what_the_source_then_says(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()

    scene.source.hold_only(scene.item, scene.subject)
    withdrawn = scene.query()
    scene.source.hold_only(
        scene.item, scene.subject, {**scene.record, "record_version": 2, "operation": "update"}
    )
    changed = scene.query()

    expect.equal(result(withdrawn).get("status"), "empty", STATUS, withdrawn)
    version = only_record(changed).get("record_version")
    expect.equal(version, 2, f"reply.body{RECORD}/record_version", changed)


@verifies("COL-011")
def earlier_answer_does_not_stand_in_for_a_silent_source(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()

    scene.source.will_answer(scene.item, scene.subject, StagedAnswer(status=0))
    reply = scene.query()

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.equal(result(reply).get("records"), [], "reply.body/results/0/records", reply)


@verifies("COL-011")
def verification_is_made_each_time(ctx: Context) -> None:
    claim = VerificationScene(ctx)
    for matches in (True, False):
        claim.source.will_confirm(claim.item, claim.subject, matches=matches)

        reply = claim.verify_with_consent()

        expect.equal(result(reply).get("verified"), matches, "reply.body/results/0/verified", reply)


@verifies("COL-012", expand=lambda _: tuple(FAULTY_REPLIES))
def unusable_answer_makes_the_source_unavailable(ctx: Context) -> None:
    limit = float(ctx.standard.parameter("COL-012", "source_answer_seconds").value)
    scene = SourceScene(ctx)
    scene.control()
    question = Question(scene.network.provider, scene.item, scene.subject, scene.record, limit)
    faulty = FAULTY_REPLIES[ctx.case.parameter](question)
    scene.source.will_answer(scene.item, scene.subject, faulty)

    reply = scene.query()

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.equal(result(reply).get("records"), [], "reply.body/results/0/records", reply)
    late = Message("checks.source_too_slow", {"limit": limit, "elapsed": round(reply.elapsed, 1)})
    expect.true(reply.elapsed <= limit, late, where="reply", reply=reply)
    elsewhere = [request.url for request in scene.source.received() if MOVED in request.url]
    expect.equal(elsewhere, [], "source.url", reply)


@verifies("COL-012")
def silent_source_spoils_no_other_item(ctx: Context) -> None:
    scene, collected = SourceScene(ctx), public_item(ctx)
    scene.control()
    scene.network.provider.store(collected, scene.subject)
    scene.source.will_answer(scene.item, scene.subject, StagedAnswer(status=0))

    queried_items = (scene.item, collected)
    reply = scene.bank.query(scene.subject, *queried_items, citing=scene.grant)

    expect.status(reply, 200)
    statuses = [one.get("status") for one in expect.objects(reply, "/results")]
    expect.equal(statuses, ["source_unavailable", "ok"], "reply.body/results (status)", reply)


@verifies("COL-012", expand=lambda _: tuple(UNUSABLE_VERIFICATIONS))
def unusable_verification_makes_the_source_unavailable(ctx: Context) -> None:
    claim = VerificationScene(ctx)
    claim.source.will_answer(claim.item, claim.subject, UNUSABLE_VERIFICATIONS[ctx.case.parameter])

    reply = claim.verify_with_consent()

    expect.equal(result(reply).get("status"), "source_unavailable", STATUS, reply)
    expect.absent(result(reply), "verified", "reply.body/results/0", reply)


@verifies("COL-013")
def request_for_records_obeys_the_provider_api(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()
    scene.control()

    requests = scene.source.received()
    require_agreed_requests(ctx, requests, "askRecords", scene.subject)


@verifies("COL-013")
def request_for_verification_obeys_the_provider_api(ctx: Context) -> None:
    claim = VerificationScene(ctx)
    claim.source.will_confirm(claim.item, claim.subject, matches=True)
    claim.verify_with_consent()

    requests = claim.source.received()
    require_agreed_requests(ctx, requests, "verifyClaims", claim.subject)
    claimed = json_body(requests[-1]).get("claims")
    expect.equal(claimed, claim.claimed, "source.request.body/claims")


def require_agreed_requests(
    ctx: Context, requests: tuple[Incoming, ...], operation: str, subject: Subject
) -> None:
    """Each request about the subject is as the provider API describes it. Raises NotVerified without one."""
    if not requests:
        raise NotVerified(Message("checks.source_not_asked"))
    agreed = ctx.standard.provider_api.operations[operation]
    violations = schema_validator(agreed.request_schemas["application/json"])
    for request in requests:
        expect.equal(request.operation, operation, "source.request (operation)")
        expect.absent(request.url, "?", "source.request.url")
        expect.equal(list(request.faults), [], "source.request.headers/authorization")
        body = json_body(request)
        faults = [f"{violation.pointer} {violation.keyword}" for violation in violations(body)]
        expect.equal(faults, [], "source.request.body")
        identifiers = [identifier["value"] for identifier in body["subject"]["ids"]]
        expect.equal(identifiers, [subject.value], "source.request.body/subject/ids")
        telling = [f"{name}: {value}" for name, value in request.headers if subject.value in value]
        expect.equal(telling, [], "source.request.headers")


def json_body(request: Incoming) -> dict[str, Any]:
    """The body of a request to the source, a JSON object. Raises Violation for any other."""
    try:
        body = request.json
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        expect.violated("expect.json_object", "source.request.body", "object", None)
    return body


@verifies("COL-014", expand=lambda _: ("yes", "no"))
def verification_says_only_whether_claims_match(ctx: Context) -> None:
    claim, matches = VerificationScene(ctx), ctx.case.parameter == "yes"
    claim.network.provider.store(claim.item, claim.subject, claim.content)
    claim.source.will_confirm(claim.item, claim.subject, matches=matches)

    reply = claim.verify_with_consent()

    answered = result(reply)
    expect.equal(answered.get("status"), "ok", STATUS, reply)
    expect.equal(answered.get("verified"), matches, "reply.body/results/0/verified", reply)
    expect.equal(answered.get("records"), [], "reply.body/results/0/records", reply)


@verifies("COL-014")
def claims_about_other_fields_are_refused(ctx: Context) -> None:
    claim, other_item = VerificationScene(ctx), public_item(ctx)
    claim.source.will_confirm(claim.item, claim.subject, matches=True)
    expect.status(claim.verify_with_consent(), 200)
    field = next(f.name for f in other_item.fields if f.schema.get("type") == "string")
    body = query_body(claim.subject, other_item)

    reply = claim.bank.call("createQuery", {**body, "claims": {other_item.code: {field: "X"}}})

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))


@verifies("COL-015", expand=at_source)
def record_of_an_item_at_its_source_is_rejected(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), ctx.standard.checklist.item(ctx.case.parameter)
    collected = public_item(ctx)
    network.provider.deliver_accepted(network.provider.record(collected, network.subject()))

    delivery = network.provider.deliver(network.provider.record(item, network.subject(item.subject_types[0])))

    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "rejected", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-015")
def record_delivered_all_the_same_is_not_served(ctx: Context) -> None:
    scene = SourceScene(ctx)
    scene.control()
    extra = scene.network.provider.record(scene.item, scene.subject)

    scene.network.provider.deliver(extra)
    reply = scene.query()

    record_id = only_record(reply).get("record_id")
    expect.equal(record_id, scene.record["record_id"], f"reply.body{RECORD}/record_id", reply)
