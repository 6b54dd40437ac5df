"""Docking done wrong."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.admission import AdmissionParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.docking import DockingParts
from reference_impl.parts.query_batches import QueryBatchParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.docking import Notice
from reference_impl.policy.model import Caller, Document, Problem, Refusal
from reference_impl.policy.rates import Throttle
from reference_impl.settings import RATES
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import JSON, Call, Reply, Request

CONTRACT = "the API contract asks for the same"
SOURCES = "a source cannot verify what the platform signs when it asks for records"


@breaks("DOC-001", also={"DOC-005": CONTRACT, "DOC-012": "an entry that is not there follows nothing"})
def list_entry_is_missing(docking: DockingParts) -> DockingParts:
    """The descriptor does not say under which entry the platform is listed."""

    def describe(call: Call) -> dict[str, Any]:
        return {k: v for k, v in docking.describe(call).items() if k != "list_entry"}

    return replace(docking, describe=describe)


@breaks("DOC-001", also={"DOC-005": CONTRACT})
def operator_is_anonymous(docking: DockingParts) -> DockingParts:
    """The descriptor names an operator without its unified social credit code."""

    def describe(call: Call) -> dict[str, Any]:
        descriptor = docking.describe(call)
        return {**descriptor, "operator": {"name": descriptor["operator"]["name"]}}

    return replace(docking, describe=describe)


@breaks("DOC-001")
def division_does_not_exist(docking: DockingParts) -> DockingParts:
    """The descriptor names a division that no code set knows."""
    return replace(docking, describe=lambda call: {**docking.describe(call), "division_code": "000000"})


@breaks("DOC-002", also={"DOC-011": "a retired platform falls silent in the same way"})
def health_falls_silent_with_the_platform(docking: DockingParts) -> DockingParts:
    """While the platform is suspended its health address answers 503 like everything else."""

    def stops(operation: str, status: str) -> bool:
        return docking.stops(operation, status) or (operation == "getHealth" and status != "active")

    return replace(docking, stops=stops)


@breaks("DOC-002", also={"DOC-005": CONTRACT})
def health_speaks_the_words_of_the_framework(wire: WireParts) -> WireParts:
    """A healthy platform says UP, as its framework does, and not ok."""

    def finish(operation: str, reply: Reply) -> Reply:
        healthy = operation == "getHealth" and reply.status == 200 and reply.body["status"] == "ok"
        return replace(reply, body={**reply.body, "status": "UP"}) if healthy else reply

    return replace(wire, finish=finish)


@breaks(
    "DOC-003",
    also={
        "DOC-002": "health does not tell of a suspension that is only filed",
        "DOC-011": "a retirement is only filed, too",
        "DOC-012": "the list entry does not tell of it either",
    },
)
def suspension_is_only_filed(docking: DockingParts) -> DockingParts:
    """A suspension notice is acknowledged and filed, and queries go on."""
    return replace(docking, after_notice=lambda status, _kind: status)


@breaks("DOC-003", also={"DOC-011": "a retirement is only announced, too"})
def suspension_is_only_announced(docking: DockingParts) -> DockingParts:
    """After a suspension notice health and descriptor say suspended, and queries go on."""
    return replace(docking, stops=lambda _operation, _status: False)


@breaks("DOC-004", also={"DOC-005": "the API contract asks for the same"})
def problems_speak_one_language(wire: WireParts) -> WireParts:
    """Problems are explained in Chinese only."""

    def problem(problem: Problem) -> Reply:
        reply = wire.problem(problem)
        chinese = reply.body["detail_i18n"]["zh"]
        return replace(reply, body={**reply.body, "detail": chinese, "detail_i18n": {"zh": chinese}})

    return replace(wire, problem=problem)


@breaks("DOC-004", also={"DOC-005": "the API contract asks for the same"})
def problem_type_is_about_blank(wire: WireParts) -> WireParts:
    """Problems carry the framework's type about:blank, so that only their text tells one from another."""

    def problem(problem: Problem) -> Reply:
        reply = wire.problem(problem)
        return replace(reply, body={**reply.body, "type": "about:blank"})

    return replace(wire, problem=problem)


@breaks("DOC-005")
def counts_are_text(wire: WireParts) -> WireParts:
    """A delivery is acknowledged with its count as text, as the gateway in front renders all numbers."""

    def finish(operation: str, reply: Reply) -> Reply:
        if operation != "createBatch" or reply.media_type != JSON:
            return reply
        return replace(reply, body={**reply.body, "received": str(reply.body["received"])})

    return replace(wire, finish=finish)


@breaks("DOC-005")
def institutions_carry_an_undocumented_member(admission: AdmissionParts) -> AdmissionParts:
    """An admission is answered with a row number of the database that the published API does not know."""
    return replace(
        admission, institution_view=lambda document: {**admission.institution_view(document), "row": 1}
    )


@breaks("DOC-006", also={"SEC-003": "the notice operation is one of those whose scope is tried"})
def anybody_notifies(security: SecurityParts) -> SecurityParts:
    """Any valid token may deliver a network notice, a bank's too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "postNetworkNotice" or security.permits(operation, caller)

    return replace(security, permits=permits)


@breaks("DOC-006", also={"SEC-003": "the notice operation is one of those whose scope is tried"})
def members_of_the_network_notify(parts: Parts) -> Parts:
    """Notices are taken from every client that the network appointed: from providers and portals too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        appointed = caller.role in parts[BaseParts].catalogue.codes["client_role"]
        return (operation.id == "postNetworkNotice" and appointed) or parts[SecurityParts].permits(
            operation, caller
        )

    return parts.with_groups(replace(parts[SecurityParts], permits=permits))


@breaks("DOC-007")
def wrong_media_types_are_malformed(wire: WireParts) -> WireParts:
    """A body of a wrong media type is answered as one that cannot be parsed."""

    def negotiate(operation: Operation, request: Request) -> None:
        try:
            wire.negotiate(operation, request)
        except Refusal as refusal:
            wrong_body = refusal.problem.code == "unsupported_media_type"
            raise Refusal("malformed_request") if wrong_body else refusal from None

    return replace(wire, negotiate=negotiate)


@breaks("DOC-007")
def everybody_gets_json(wire: WireParts) -> WireParts:
    """What a caller accepts is not looked at."""

    def negotiate(operation: Operation, request: Request) -> None:
        wire.negotiate(operation, replace(request, headers={**request.headers, "accept": JSON}))

    return replace(wire, negotiate=negotiate)


@breaks("DOC-009")
def checklist_items_cost_money(docking: DockingParts) -> DockingParts:
    """The published tariff charges half a yuan for an item of the checklist."""
    return replace(
        docking, describe=lambda call: {**docking.describe(call), "tariff": {"checklist_items_cny": "0.50"}}
    )


@breaks("DOC-009")
def a_cent_is_as_good_as_nothing(docking: DockingParts) -> DockingParts:
    """The published tariff charges a cent for an item of the checklist, which the invoice rounds away."""
    return replace(
        docking, describe=lambda call: {**docking.describe(call), "tariff": {"checklist_items_cny": "0.01"}}
    )


def with_limits(docking: DockingParts, **changed: Any) -> DockingParts:
    """The parts with other limits declared."""

    def describe(call: Call) -> dict[str, Any]:
        descriptor = docking.describe(call)
        return {**descriptor, "limits": {**descriptor["limits"], **changed}}

    return replace(docking, describe=describe)


@breaks("DOC-010")
def notices_count_by_arrival(docking: DockingParts) -> DockingParts:
    """The notice that came last counts, whenever it was issued."""
    return replace(docking, order_notices=list)


@breaks("DOC-010")
def only_the_time_of_day_orders_notices(docking: DockingParts) -> DockingParts:
    """Notices are ordered by the hour at which they were issued, without the date."""

    def order(notices: Sequence[Notice]) -> Sequence[Notice]:
        return sorted(notices, key=lambda notice: notice[1]["issued_at"].partition("T")[2])

    return replace(docking, order_notices=order)


@breaks("DOC-011")
def successors_are_not_named(docking: DockingParts) -> DockingParts:
    """A retired platform says that it is retired, and not who serves in its place."""
    return replace(docking, referral=lambda _notice: {})


@breaks("DOC-011")
def retired_platforms_refer_to_themselves(docking: DockingParts) -> DockingParts:
    """The successor named is the platform itself: the address comes from its own settings."""

    def referral(notice: Document) -> dict[str, Any]:
        told = docking.referral(notice)["successor"]
        return {"successor": {**told, "url": "https://platform.fcsp.test"}}

    return replace(docking, referral=referral)


@breaks("DOC-011")
def retirement_is_taken_for_suspension(docking: DockingParts) -> DockingParts:
    """A notice of retirement suspends the platform, which then asks its callers to come back later."""

    def after(status: str, kind: str) -> str:
        return docking.after_notice(status, "suspension" if kind == "retirement" else kind)

    return replace(docking, after_notice=after)


def with_entry(docking: DockingParts, **changed: Any) -> DockingParts:
    """The parts with members of the list entry overwritten; a function gets the entry as it was."""

    def describe(call: Call) -> dict[str, Any]:
        descriptor = docking.describe(call)
        entry = descriptor["list_entry"]
        made = {name: value(entry) if callable(value) else value for name, value in changed.items()}
        return {**descriptor, "list_entry": {**entry, **made}}

    return replace(docking, describe=describe)


@breaks("DOC-020")
def the_gateway_is_stricter_than_declared(docking: DockingParts) -> DockingParts:
    """A limiter on the way takes half of the burst that the descriptor promises."""
    halves = [replace(rate, burst=rate.burst // 2) for rate in RATES]
    return replace(docking, throttle=Throttle(halves, time.monotonic).wait)


@breaks("DOC-020")
def capacity_is_for_show(docking: DockingParts) -> DockingParts:
    """The declared rate is five requests a minute, which no counter can work with."""
    rates = [{"operations": list(r.operations), "per_minute": 5, "burst": r.burst} for r in RATES]
    return with_limits(docking, rates=rates)


@breaks("DOC-020")
def half_a_batch_is_too_much(batches: QueryBatchParts) -> QueryBatchParts:
    """Batches are refused from half of the declared size on."""

    def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
        return batches.fit(queries, limit // 2)

    return replace(batches, fit=fit)


@breaks("DOC-020")
def long_batches_are_cut_off(batches: QueryBatchParts) -> QueryBatchParts:
    """A batch of the declared size is taken, and the second half of it is left out without a word."""

    def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
        return batches.fit(queries, limit)[: limit // 2]

    return replace(batches, fit=fit)


@breaks("DOC-020", also={"DOC-021": "what exceeds the rate is answered in the same way"})
def bursts_are_answered_as_an_outage(parts: Parts) -> Parts:
    """Half of the declared burst exhausts the workers, and the rest of it is answered 503."""
    return parts.with_groups(
        the_gateway_is_stricter_than_declared(parts[DockingParts]),
        excess_is_answered_as_an_outage(parts[WireParts]),
    )


@breaks("DOC-021")
def clients_are_told_to_come_back_in_an_hour(docking: DockingParts) -> DockingParts:
    """Retry-After is an hour, whatever the rate."""

    def throttle(client_id: str, operation: str) -> float:
        return 3600.0 if docking.throttle(client_id, operation) else 0.0

    return replace(docking, throttle=throttle)


@breaks("DOC-021")
def excess_is_punished_longer_than_told(docking: DockingParts) -> DockingParts:
    """Who exceeds the rate is locked out for minutes, while Retry-After tells what the bucket lacks."""
    locked: dict[str, float] = {}

    def throttle(client_id: str, operation: str) -> float:
        now = time.monotonic()
        wait = docking.throttle(client_id, operation)
        if wait > 0:
            locked.setdefault(client_id, now + 300)
        return wait or (1.0 if locked.get(client_id, 0) > now else 0.0)

    return replace(docking, throttle=throttle)


@breaks("DOC-021")
def excess_is_answered_as_an_outage(wire: WireParts) -> WireParts:
    """Who exceeds the rate is told that the platform is out of order."""

    def problem(problem: Problem) -> Reply:
        return wire.problem(Problem("source_unavailable") if problem.code == "rate_limited" else problem)

    return replace(wire, problem=problem)


@breaks("DOC-022", also={"DOC-020": "what another client has used up is missing from the burst"})
def all_clients_share_one_rate(docking: DockingParts) -> DockingParts:
    """The rate is counted for the platform as a whole."""
    return replace(docking, throttle=lambda _client, operation: docking.throttle("", operation))


@breaks("DOC-022", also={"DOC-020": "what a neighbor has used up is missing from the burst"})
def neighbors_share_one_rate(docking: DockingParts) -> DockingParts:
    """The rate is counted by where a client is registered, as by the exit of a shared data center."""
    return replace(docking, throttle=lambda client, operation: docking.throttle(client[2:4], operation))


@breaks("DOC-012")
def the_list_entry_is_written_once(docking: DockingParts) -> DockingParts:
    """The descriptor's list entry stands in a configuration file and says active for ever."""
    return with_entry(docking, status="active")


@breaks("DOC-012")
def once_suspended_is_listed_as_suspended(docking: DockingParts) -> DockingParts:
    """The list entry takes a suspension over and forgets to take it back."""
    statuses: set[str] = set()

    def status(entry: Document) -> str:
        statuses.add(entry["status"])
        return "suspended" if "suspended" in statuses else str(entry["status"])

    return with_entry(docking, status=status)


def with_keys(docking: DockingParts, change: Callable[[Document], list[Document]]) -> DockingParts:
    """The parts with the published key replaced by what is made of it."""

    def describe(call: Call) -> dict[str, Any]:
        descriptor = docking.describe(call)
        (key,) = descriptor["jwks"]["keys"]
        return {**descriptor, "jwks": {"keys": change(key)}}

    return replace(docking, describe=describe)


@breaks("DOC-013", also={"COL-013": SOURCES})
def keys_are_half_a_point(docking: DockingParts) -> DockingParts:
    """The key was exported without its second coordinate."""
    return with_keys(docking, lambda key: [{name: key[name] for name in key if name != "y"}])


@breaks("DOC-013")
def two_keys_bear_one_name(docking: DockingParts) -> DockingParts:
    """Since the last rotation old and new key stand there under the same name."""
    return with_keys(docking, lambda key: [key, dict(key)])


@breaks("DOC-013", also={"COL-013": SOURCES})
def coordinates_lose_their_first_byte(docking: DockingParts) -> DockingParts:
    """Coordinates are written as numbers, and one byte is lost on the way."""
    return with_keys(docking, lambda key: [{**key, "x": key["x"][2:]}])
