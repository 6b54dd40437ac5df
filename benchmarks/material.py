"""What is measured on: a run against the reference platform with all its replies, and synthetic records."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from conformance.checks import collect as checks
from conformance.loader import load_standard
from conformance.model.judgement import Result
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.model.wire import Exchange
from conformance.monitors import collect as monitors
from conformance.oracles.validate import obeys_rules
from conformance.runner import Selection
from conformance.selftest.trial import Suite
from conformance.synth import identities, records

TODAY = date(2026, 11, 23)
JSON = "application/json"


@cache
def standard() -> Standard:
    return load_standard()


@cache
def results() -> tuple[Result, ...]:
    """The results of a whole run, with replies as they came."""
    suite = Suite(standard(), checks(), monitors(standard()))
    return tuple(suite.judge((), Selection()))


def replies(most: int) -> list[tuple[Exchange, Any]]:
    """Replies with a JSON body that a schema describes, spread over the whole run."""
    exchanges = [
        (exchange, exchange.reply.json)
        for result in results()
        for exchange in result.exchanges
        if exchange.reply.status < 300 and _schema(exchange) is not None and exchange.reply.body
    ]
    return exchanges[:: max(1, len(exchanges) // most)][:most]


def _schema(exchange: Exchange) -> Mapping[str, Any] | None:
    return schema_of(exchange.request.operation, exchange.reply.status)


def schema_of(operation: str, status: int) -> Mapping[str, Any] | None:
    """The schema of a JSON reply."""
    responses = standard().api.operations[operation].responses
    return responses.get(str(status), {}).get(JSON)


def contents(count: int) -> list[tuple[Item, dict[str, Any]]]:
    """Valid contents, item by item in turn."""
    random = Random("benchmarks")
    return [(item, _content(item, random)) for item in _items(count)]


def deliveries(count: int) -> list[dict[str, Any]]:
    """Whole records as a provider sends them."""
    random = Random("benchmarks")
    return [_delivery(item, random) for item in _items(count)]


def _delivery(item: Item, random: Random) -> dict[str, Any]:
    subject = identities.subject(random, standard().reserved, item.subject_types[0])
    content = records.valid(standard(), item, random, subject, TODAY, obeys=obeys_rules)
    return records.envelope(standard(), item, random, subject, TODAY, content)


def _items(count: int) -> list[Item]:
    items = standard().checklist.items
    return [items[n % len(items)] for n in range(count)]


def _content(item: Item, random: Random) -> dict[str, Any]:
    return records.valid(standard(), item, random, None, TODAY, obeys=obeys_rules)
