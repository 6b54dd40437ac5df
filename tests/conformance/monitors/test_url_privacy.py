"""The address monitor: personal identifiers in every place and guise, and addresses like them."""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from conformance.model.judgement import Fault, Finding
from conformance.model.standard import Standard
from conformance.model.wire import (
    Exchange,
    Incoming,
    Raw,
    Request,
    StagedAnswer,
    SubjectAssertion,
    SubjectToken,
)
from conformance.monitors import UrlPrivacy
from conformance.monitors.personal import kinds
from tests.conformance.monitors.exchanges import (
    AUTHORIZATION,
    BANK,
    BANK_CARD,
    FIELDS,
    INSTITUTION,
    MOBILE,
    PROVIDER,
    QUERY,
    RECORD,
    RESIDENT_ID,
    RESULT,
    authorization,
    exchange,
    failure,
    institution,
    problem,
    query,
)

CARDS = ("62", "9999")
NAME = "测甲一"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def b64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (f"/v1/x/{RESIDENT_ID}", "resident_id"),
        (f"/v1/x/id-{RESIDENT_ID}.json", "resident_id"),
        (f"/v1/x?id={RESIDENT_ID}", "resident_id"),
        (f"/v1/x#{RESIDENT_ID}", "resident_id"),
        (f"https://{RESIDENT_ID}@h.example.invalid/", "resident_id"),
        ("/v1/x/99010119900101006x", "resident_id"),
        ("/v1/x/110101900101001", "resident_id"),
        (f"/v1/x/{percent(RESIDENT_ID)}", "resident_id"),
        (f"/v1/x/{percent(percent(RESIDENT_ID))}", "resident_id"),
        (f"/v1/x/{b64(RESIDENT_ID)}", "resident_id"),
        (f"/v1/x?c={quote(b64('??>>' + json.dumps({'after': RESIDENT_ID})), safe='')}", "resident_id"),
        (f"/v1/x?cursor={b64url(json.dumps({'after': RESIDENT_ID}))}", "resident_id"),
        (f"/v1/x?cursor={b64url(b64(RESIDENT_ID))}", "resident_id"),
        (f"/v1/x/{RESIDENT_ID.encode().hex()}", "resident_id"),
        (f"/v1/x/{MOBILE}", "mobile"),
        (f"/v1/x?m=%2B86{MOBILE}", "mobile"),
        (f"/v1/x?m=+86-{MOBILE}", "mobile"),
        (f"/v1/x/{BANK_CARD}", "bank_card"),
        (f"/v1/x?name={quote(NAME)}", "planted"),
        (f"/v1/x/{b64url(NAME + NAME)}", "planted"),
    ],
)
def test_an_identifier_is_recognized(url: str, kind: str) -> None:
    assert kinds(url, CARDS, [NAME]) == {kind}


@pytest.mark.parametrize(
    "url",
    [
        f"/v1/institutions/{INSTITUTION}",
        "/v1/authorizations/0b4f9a3e-6c0d-4f7e-9d43-154000000012",
        "/v1/authorizations/01JC3Z6Y0Q4W8X2M5N7P9R1T3V",
        f"/v1/batches/{RESIDENT_ID[:-1]}0",
        f"/v1/batches/1{RESIDENT_ID}",
        "/v1/batches/990101199013010010",
        "/v1/batches/20260301080000",
        "/v1/batches/1772323200000000",
        "/v1/batches/154000000012",
        "/v1/batches/12400000001",
        "/v1/batches/9999000000000005",
        "/v1/batches/110101901301001",
        "/v1/batches/991101900101001",
        "/v1/audit-log?cursor=eyJzZXEiOjQyfQ&limit=100",
        "https://127.0.0.1:54321/v1/catalog/F01-01",
        "//[broken",
        "/v1/x?name=%FF%FE",
        "",
    ],
)
def test_what_is_no_identifier_is_left_alone(url: str) -> None:
    assert kinds(url, CARDS, [NAME]) == frozenset()


@pytest.fixture(scope="module")
def monitor(standard: Standard) -> UrlPrivacy:
    return UrlPrivacy(standard, ("9999",))


def found(monitor: UrlPrivacy, judged: Exchange) -> tuple[Finding, ...]:
    findings = monitor.observe(judged)
    assert findings is not None
    return findings


@pytest.mark.parametrize(
    ("judged", "where"),
    [
        (authorization(location=f"/v1/authorizations/{RESIDENT_ID}"), "reply.headers/location"),
        (authorization({**AUTHORIZATION, "authorization_id": RESIDENT_ID}), "reply.body/authorization_id"),
        (query({"next_cursor": b64url(f"after:{MOBILE}")}), "reply.body/next_cursor"),
        (query({"a": [{"b": f"https://h.example.invalid/{MOBILE}"}]}), "reply.body/a/0/b"),
        (query({"a": f"/v1/x/{MOBILE}"}), "reply.body/a"),
        (
            failure(problem("forbidden", 403, instance=f"/v1/x?id={RESIDENT_ID}"), 403),
            "reply.body/instance",
        ),
    ],
)
def test_an_address_in_a_reply_is_judged(monitor: UrlPrivacy, judged: Exchange, where: str) -> None:
    (finding,) = found(monitor, judged)
    assert (finding.where, finding.fault) == (where, Fault.PLATFORM)


def test_disclosed_values_are_no_addresses(monitor: UrlPrivacy) -> None:
    fields = {**FIELDS, "site": {"form": "raw", "value": f"https://h.example.invalid/{MOBILE}"}}
    reply = {**QUERY, "results": [{**RESULT, "records": [{**RECORD, "fields": fields}]}]}
    assert found(monitor, query(reply)) == ()


def test_identifiers_outside_addresses_are_left_to_others(monitor: UrlPrivacy) -> None:
    assert found(monitor, query({**QUERY, "recipient": RESIDENT_ID})) == ()


def call(url: str, **request: Any) -> Exchange:
    return exchange(Request("getAuthorization", credential=BANK, **request), {}, method="GET", url=url)


def test_an_identifier_that_the_platform_chose_is_its_fault(monitor: UrlPrivacy) -> None:
    judged = call(f"/v1/authorizations/{RESIDENT_ID}", path={"authorization_id": RESIDENT_ID})
    assert [(f.where, f.fault) for f in found(monitor, judged)] == [("request.url", Fault.PLATFORM)]


def test_an_identifier_that_the_suite_put_there_is_its_own_fault(monitor: UrlPrivacy) -> None:
    judged = call(f"/v1/authorizations/a-1?id={RESIDENT_ID}", path={"authorization_id": "a-1"})
    assert [(f.where, f.fault) for f in found(monitor, judged)] == [("request.url", Fault.SUITE)]


def test_an_institution_is_called_by_its_code_whatever_it_looks_like(monitor: UrlPrivacy) -> None:
    judged = institution(path={"institution_id": RESIDENT_ID})
    assert found(monitor, replace(judged, url=f"/v1/institutions/{RESIDENT_ID}/status")) == ()


def test_a_person_named_in_the_request_is_known(monitor: UrlPrivacy) -> None:
    person = {
        "type": "natural_person",
        "name": NAME,
        "ids": [{"scheme": "resident_id", "value": RESIDENT_ID}],
    }
    creation = authorization(location=f"/v1/authorizations/{quote(NAME)}")
    with_person = replace(creation, request=replace(creation.request, body={"subject": person}))
    assert [f.actual for f in found(monitor, with_person)] == ["planted"]
    assert found(monitor, creation) == ()


def test_a_person_who_asserts_is_known(monitor: UrlPrivacy) -> None:
    assertion = SubjectAssertion("natural_person", "resident_id", "not-in-form-but-personal")
    reading = call("/v1/authorizations/a-1", path={"authorization_id": "a-1"})
    request = replace(reading.request, credential=SubjectToken(assertion))
    spoilt = authorization(location="/v1/authorizations/not-in-form-but-personal")
    assert [f.actual for f in found(monitor, replace(spoilt, request=request))] == ["planted"]


def personal_record(standard: Standard) -> dict[str, Any]:
    """A record with a name in the first personal field of the checklist."""
    item, field = next((i, f) for i in standard.checklist.items for f in i.fields if f.sensitivity == "S3")
    return {"item_code": item.code, "content": {field.name: NAME}}


@pytest.mark.parametrize("lines", [False, True])
def test_a_person_in_a_delivered_record_is_known(
    monitor: UrlPrivacy, standard: Standard, *, lines: bool
) -> None:
    record = personal_record(standard)
    line = json.dumps(record).encode()
    body = Raw(b"nonsense\n" + line, "application/x-ndjson") if lines else {"records": [1, record]}
    location = {"location": f"/v1/batches/{quote(NAME)}"}
    request = Request("createBatch", body=body, credential=PROVIDER)
    delivery = exchange(request, {}, method="POST", url="/v1/batches", status=202, headers=location)
    assert [f.actual for f in found(monitor, delivery)] == ["planted"]


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'{"a":' * 900 + b'"/x"' + b"}" * 900])
def test_hostile_bodies_do_no_harm(monitor: UrlPrivacy, body: bytes) -> None:
    assert found(monitor, query(body)) == ()


@pytest.mark.parametrize("body", [None, [], {"subject": 1, "records": {}}, {"subject": {"ids": [1, {}]}}])
def test_odd_requests_do_no_harm(monitor: UrlPrivacy, body: Any) -> None:
    assert found(monitor, query(body=body, valid=False)) == ()


PERSON = {"type": "natural_person", "name": NAME, "ids": [{"scheme": "resident_id", "value": RESIDENT_ID}]}


def source_call(url: str, subject: object = None) -> Incoming:
    """A call of the platform to a source."""
    body = json.dumps({"item_code": "F08-01", "subject": subject}).encode()
    return Incoming("askRecords", "POST", url, (), body, (), StagedAnswer())


@pytest.mark.parametrize(
    ("url", "subject", "kind"),
    [
        (f"/v1/records?id={RESIDENT_ID}", None, "resident_id"),
        (f"/v1/records/{percent(NAME)}", PERSON, "planted"),
    ],
)
def test_an_address_that_the_platform_calls_is_judged(
    monitor: UrlPrivacy, url: str, subject: object, kind: str
) -> None:
    (finding,) = monitor.observe_call(source_call(url, subject)) or ()
    assert (finding.where, finding.actual, finding.fault) == ("call.url", kind, Fault.PLATFORM)


@pytest.mark.parametrize("subject", [PERSON, None, [], {"ids": 1}])
def test_what_a_call_says_in_its_body_alone_is_no_finding(monitor: UrlPrivacy, subject: object) -> None:
    assert monitor.observe_call(source_call("/v1/records", subject)) == ()
