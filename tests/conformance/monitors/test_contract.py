"""The contract monitor: one exchange for each way to break the published API, and its good neighbour."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from conformance.model.judgement import Fault, Finding
from conformance.model.standard import Standard
from conformance.model.wire import Exchange, FormBody, LiteralToken, Raw, Request
from conformance.monitors import Contract
from tests.conformance.monitors.exchanges import (
    AUTHORIZATION,
    BANK,
    DESCRIPTOR,
    FIELDS,
    PROVIDER,
    PUBLIC_KEY,
    QUERY,
    QUERY_REQUEST,
    RECORD,
    RESULT,
    TOKEN,
    TOKEN_FORM,
    authorization,
    exchange,
    failure,
    problem,
    query,
    with_header,
    with_reply,
    without_header,
)


@pytest.fixture(scope="module")
def contract(standard: Standard) -> Contract:
    return Contract(standard.api)


def found(contract: Contract, judged: Exchange) -> tuple[Finding, ...]:
    findings = contract.observe(judged)
    assert findings is not None
    return findings


def disclosed(field: Any) -> Exchange:
    record = {**RECORD, "fields": {**FIELDS, "spoilt": field}}
    return query({**QUERY, "results": [{**RESULT, "records": [record]}]})


def descriptor(**members: Any) -> Exchange:
    request = Request("getPlatformDescriptor")
    return exchange(request, {**DESCRIPTOR, **members}, method="GET", url="/.well-known/fcsp-platform")


def token(form: FormBody = TOKEN_FORM, reply: Any = TOKEN) -> Exchange:
    headers = {"cache-control": "no-store"}
    return exchange(
        Request("issueToken", body=form), reply, method="POST", url="/v1/oauth/token", headers=headers
    )


@pytest.mark.parametrize(
    ("sample", "key", "where"),
    [
        (with_reply(query(), status=204), "status", "reply.status"),
        (with_reply(query(), status=302), "status", "reply.status"),
        (with_reply(query(), status=201), "status", "reply.status"),
        (without_header(query(), "date"), "header", "reply.headers/date"),
        (without_header(authorization(), "location"), "header", "reply.headers/location"),
        (without_header(token(), "cache-control"), "header", "reply.headers/cache-control"),
        (with_header(query(), "content-type", "text/plain"), "media_type", "reply.headers/content-type"),
        (without_header(query(), "content-type"), "media_type", "reply.headers/content-type"),
        (query(b"{"), "no_json", "reply.body"),
        (query(b'{"a":NaN}'), "no_json", "reply.body"),
        (query(b'{"a":1e999}'), "no_json", "reply.body"),
        (query(b'{"a":1,"a":1}'), "no_json", "reply.body"),
        (query(b'{"a":"\\ud800"}'), "no_json", "reply.body"),
        (query(b'{"a":"\xff"}'), "no_json", "reply.body"),
        (query(b"[" * 100_000), "no_json", "reply.body"),
        (query([]), "reply", "reply.body"),
        (query({**QUERY, "more": 1}), "reply", "reply.body"),
        (query({k: v for k, v in QUERY.items() if k != "channel"}), "reply", "reply.body"),
        (query({**QUERY, "purpose": "curiosity"}), "reply", "reply.body/purpose"),
        (query({**QUERY, "at": "2026-02-30T00:00:00Z"}), "reply", "reply.body/at"),
        (query({**QUERY, "at": "2026-02-20 00:00:00"}), "reply", "reply.body/at"),
        (
            query({**QUERY, "results": [{**RESULT, "status": "maybe"}]}),
            "reply",
            "reply.body/results/0/status",
        ),
        (authorization({**AUTHORIZATION, "state": "lost"}), "reply", "reply.body/state"),
        (
            authorization({**AUTHORIZATION, "recipient": "91990100XT00000018"}),
            "reply",
            "reply.body/recipient",
        ),
        (descriptor(environment="staging"), "reply", "reply.body/environment"),
        (descriptor(token_endpoint="/v1/oauth/token"), "reply", "reply.body/token_endpoint"),
        (
            descriptor(jwks={"keys": [{**PUBLIC_KEY, "d": "AA"}]}),
            "reply",
            "reply.body/jwks/keys/0",
        ),
        (token(reply={**TOKEN, "expires_in": 0}), "reply", "reply.body/expires_in"),
    ],
)
def test_a_reply_outside_the_contract_is_found(
    contract: Contract, sample: Exchange, key: str, where: str
) -> None:
    (finding,) = found(contract, sample)
    assert (finding.message.key, finding.where) == (f"monitors.{key}", where)
    assert (finding.fault, finding.step) == (Fault.PLATFORM, 3)


@pytest.mark.parametrize(
    ("field", "place", "keyword"),
    [
        ({"form": "raw", "value": None}, "/value", "type"),
        ({"form": "raw"}, "", "required"),
        ({"form": "masked", "value": 3}, "/value", "type"),
        ({"form": "withheld", "value": "x"}, "", "additionalProperties"),
        ({"form": "token", "value": "x"}, "/value", "pattern"),
        ({"form": "bucket", "min": 0, "max": 1}, "", "required"),
        ("x", "", "type"),
    ],
)
def test_a_disclosed_field_of_no_form_is_found_where_it_is(
    contract: Contract, field: Any, place: str, keyword: str
) -> None:
    (finding,) = found(contract, disclosed(field))
    assert finding.where == f"reply.body/results/0/records/0/fields/spoilt{place}"
    assert finding.message.args["keyword"] == keyword


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_documented_errors_are_within_the_contract(contract: Contract, status: int) -> None:
    assert found(contract, failure({}, status)) == ()


@pytest.mark.parametrize(
    ("status", "header"),
    [(401, "www-authenticate"), (405, "allow"), (429, "retry-after"), (503, "retry-after")],
)
def test_an_error_brings_its_header(contract: Contract, status: int, header: str) -> None:
    bare = failure(problem("internal_error", status), status)
    assert [f.where for f in found(contract, bare)] == [f"reply.headers/{header}"]
    assert found(contract, with_header(bare, header, "0")) == ()
    assert bool(found(contract, with_header(bare, header, ""))) == (header != "allow")


def test_many_mistakes_are_told_as_a_few(contract: Contract) -> None:
    wrong = query({**QUERY, "results": [{**RESULT, "status": "maybe"}] * 1000})
    assert len(found(contract, wrong)) == 10


def test_findings_show_no_whole_objects(contract: Contract) -> None:
    (finding,) = found(contract, disclosed({"form": "raw", "valu": "secret"}))[:1]
    assert "secret" not in repr(finding)


WRONG = {**QUERY_REQUEST, "purpose": "curiosity"}


@pytest.mark.parametrize(
    ("request_", "key"),
    [
        (Request("createQuery", body=WRONG, credential=BANK), "sent"),
        (Request("createQuery", body={}, credential=BANK), "sent"),
        (Request("createQuery", body=Raw(b"{", "application/json"), credential=BANK), "sent"),
        (Request("createQuery", body=FormBody({"a": "b"}), credential=BANK), "sent_media_type"),
        (Request("createQuery", body=Raw(b"x", "text/csv"), credential=BANK), "sent_media_type"),
    ],
)
def test_what_the_suite_sends_wrongly_is_its_own_fault(
    contract: Contract, request_: Request, key: str
) -> None:
    findings = found(contract, replace(query(), request=request_))
    assert {(f.message.key, f.fault) for f in findings} == {(f"monitors.{key}", Fault.SUITE)}


@pytest.mark.parametrize(
    "changes",
    [
        {"valid": False},
        {"credential": LiteralToken("x")},
    ],
)
def test_what_is_wrong_on_purpose_is_not_judged(contract: Contract, changes: dict[str, Any]) -> None:
    assert found(contract, query(body=WRONG, **changes)) == ()


def test_the_reply_to_a_wrong_request_is_judged(contract: Contract) -> None:
    wrong = query({}, body=WRONG, valid=False)
    assert {f.fault for f in found(contract, wrong)} == {Fault.PLATFORM}


def test_lines_of_a_delivery_are_the_platforms_to_judge(contract: Contract) -> None:
    request = Request("createBatch", body=Raw(b"{}\nnonsense\n", "application/x-ndjson"), credential=PROVIDER)
    receipt = {"batch_id": "b-1", "received": 2, "status": "processing"}
    headers = {"location": "/v1/batches/b-1"}
    delivery = exchange(request, receipt, method="POST", url="/v1/batches", status=202, headers=headers)
    assert found(contract, delivery) == ()


def test_a_form_with_an_assertion_still_to_be_signed_is_valid(contract: Contract) -> None:
    assert found(contract, token()) == ()
    wrong = FormBody({**TOKEN_FORM.fields, "grant_type": "password"})
    assert {f.fault for f in found(contract, token(wrong))} == {Fault.SUITE}


@pytest.mark.parametrize(("grant", "faults"), [("client_credentials", set()), ("password", {Fault.SUITE})])
def test_a_form_sent_byte_for_byte_is_read(contract: Contract, grant: str, faults: set[Fault]) -> None:
    fields = {**TOKEN_FORM.fields, "grant_type": grant, "client_assertion": "e30.e30.e30"}
    raw = Raw(urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8")
    token_exchange = token()
    assert {
        f.fault for f in found(contract, replace(token_exchange, request=Request("issueToken", body=raw)))
    } == faults


def test_an_unknown_operation_is_none_of_its_business(contract: Contract) -> None:
    assert contract.observe(query(operation="other")) is None
