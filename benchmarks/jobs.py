"""The jobs that have a peer: replies, rules, records and leaks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import material
from benchmarks.measure import Comparison, compare
from conformance.loader import root
from conformance.monitors.schema import compile_schema
from conformance.oracles.encodings import needles
from conformance.oracles.formats import CHECKERS
from conformance.oracles.leaks import LeakSearch

REPLIES, CONTENTS, RECORDS, SECRETS = 60, 60, 60, 40


def comparisons() -> Iterator[Comparison]:
    yield from _replies()
    yield _rules()
    yield _records()
    yield _leaks()


def _replies() -> Iterator[Comparison]:
    """Does a reply obey the contract?"""
    from jsonschema import Draft202012Validator

    exchanges = material.replies(REPLIES)
    schemas = [material.schema_of(e.request.operation, e.reply.status) or {} for e, _ in exchanges]
    unique = {id(schema): schema for schema in schemas}
    ours = {key: compile_schema(schema) for key, schema in unique.items()}
    peer = {key: Draft202012Validator(schema, format_checker=_formats()) for key, schema in unique.items()}
    pairs = [(id(schema), body) for schema, (_, body) in zip(schemas, exchanges, strict=True)]

    def we_do() -> None:
        for key, body in pairs:
            sure(not ours[key].breaches(body))

    def they_do() -> None:
        for key, body in pairs:
            sure(peer[key].is_valid(body))

    yield compare("a reply against its schema", "jsonschema-rs", "jsonschema", len(pairs), we_do, they_do)
    judge = _openapi_core()
    messages = [(e, e.reply.body) for e, _ in exchanges]

    def parsed() -> None:
        for key, body in ((k, e.reply.body) for (k, _), (e, _) in zip(pairs, messages, strict=True)):
            sure(not ours[key].breaches(json.loads(body)))

    def whole() -> None:
        for exchange, _ in messages:
            judge(exchange)

    yield compare("the same, from bytes", "json and jsonschema-rs", "openapi-core", len(pairs), parsed, whole)


def _openapi_core() -> Callable[[Any], None]:
    from openapi_core import OpenAPI
    from openapi_core.testing import MockRequest, MockResponse

    api = OpenAPI.from_file_path(str(root() / "schemas" / "api" / "platform.openapi.yaml"))
    server = str(api.spec["servers"][0]["url"]).rstrip("/")

    def judge(exchange: Any) -> None:
        request = MockRequest(server, exchange.method.lower(), exchange.url.partition("?")[0])
        reply = exchange.reply
        api.validate_response(request, MockResponse(reply.body, reply.status, dict(reply.headers)))

    return judge


def _rules() -> Comparison:
    """Does a content obey the cross-field rules?"""
    import cel
    import celpy
    from celpy.adapter import json_to_cel

    from conformance.oracles.validate import money_fields, rule_variables

    conditions = [
        (rule.expression, rule_variables(content, money_fields(item)))
        for item, content in material.contents(CONTENTS)
        for rule in item.rules
    ]
    sources = {source for source, _ in conditions}
    fast = {source: cel.compile(source) for source in sources}
    environment = celpy.Environment()
    slow = {source: environment.program(environment.compile(source)) for source in sources}

    def exemplar() -> None:
        for source, variables in conditions:
            sure(fast[source].execute(cel.Context(variables)) is True)

    def judge() -> None:
        for source, variables in conditions:
            sure(slow[source].evaluate({k: json_to_cel(v) for k, v in variables.items()}))

    return compare(
        "a cross-field rule",
        "common-expression-language (reference platform)",
        "cel-python (judge)",
        len(conditions),
        exemplar,
        judge,
    )


def _records() -> Comparison:
    """Is a delivered record well formed? The peer judges schemas only, we the rules, too."""
    from jsonschema import Draft202012Validator

    from reference_impl.standard import load

    catalogue, checklist = load(root()), material.standard().checklist
    records = material.deliveries(RECORDS)
    envelope = Draft202012Validator(checklist.record_schema, format_checker=_formats())
    items = {
        item.code: Draft202012Validator(item.schema, format_checker=_formats()) for item in checklist.items
    }

    def we_do() -> None:
        for record in records:
            sure(not catalogue.validate_record(record))

    def they_do() -> None:
        for record in records:
            sure(envelope.is_valid(record))
            sure(items[record["item_code"]].is_valid(record["content"]))

    return compare(
        "a delivered record",
        "reference platform, rules included",
        "jsonschema, schemas alone",
        len(records),
        we_do,
        they_do,
    )


def _leaks() -> Comparison:
    """Does a reply hold a sensitive value in any encoding? The peer looks for each encoding by itself."""
    values = {
        f"{number}.{name}": value
        for number, (_, content) in enumerate(material.contents(SECRETS))
        for name, value in content.items()
        if isinstance(value, str) and len(value) >= 8
    }
    search = LeakSearch(values)
    bodies = [exchange.reply.body for exchange, _ in material.replies(REPLIES)]
    guises = [(needle.text, needle.folded) for value in values.values() for needle in needles(value)]

    def we_do() -> None:
        for body in bodies:
            search.content(body)

    def they_do() -> None:
        for body in bodies:
            text = body.decode()
            lower = text.lower()
            for guise, folded in guises:
                _ = guise in (lower if folded else text)

    job = f"a reply searched for {len(values)} values in all encodings"
    return compare(job, "leak search", "one search for each encoding", len(bodies), we_do, they_do)


def sure(holds: object) -> None:
    """Whoever judges wrongly must not be measured."""
    if not holds:
        raise RuntimeError("a judgement is wrong: the figures would mean nothing")


def _formats() -> Any:
    from jsonschema import FormatChecker

    checker = FormatChecker([])
    for name, holds in CHECKERS.items():
        checker.checks(name)(lambda value, holds=holds: not isinstance(value, str) or holds(value))
    return checker
