"""Good exchanges of every operation, and ways to spoil them. All identities are test identities."""

import json
from dataclasses import replace
from typing import Any

from conformance.model.wire import ClientAssertion, ClientToken, Exchange, FormBody, Reply, Request

INSTITUTION = "91990100XT0000001C"
RESIDENT_ID = "990101199001010019"
MOBILE = "15400000001"
BANK_CARD = "9999000000000004"
TIME = "2026-03-01T08:00:00+08:00"
DATE = ("date", "Sun, 01 Mar 2026 00:00:00 GMT")
HARDENED = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))
JSON = ("content-type", "application/json")
PROBLEM_JSON = ("content-type", "application/problem+json; charset=utf-8")
TEXT = {"zh": "文", "en": "text"}
SUBJECT = {"type": "enterprise", "ids": [{"scheme": "uscc", "value": INSTITUTION}]}
EVIDENCE = {"digest_algorithm": "SHA-256", "digest": "0" * 64, "signed_at": TIME}
PUBLIC_KEY = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "k"}
HUB = ClientToken("hub", "hub")
BANK = ClientToken(INSTITUTION, "institution-1")
PROVIDER = ClientToken("provider", "provider")

DESCRIPTOR = {
    "platform_id": "P-990100",
    "name": TEXT,
    "operator": {"name": "测试市示例有限公司", "uscc": INSTITUTION},
    "environment": "test",
    "level": "municipal",
    "division_code": "990100",
    "issuer": "https://platform.example.invalid",
    "token_endpoint": "https://platform.example.invalid/v1/oauth/token",
    "api_base": "https://platform.example.invalid",
    "standard_versions": ["0.1"],
    "checklist_version": "0.1",
    "checklist_versions": [
        {
            "version": "0.1",
            "standing": "in_force",
            "effective_from": "2026-01-01",
            "effective_until": None,
        }
    ],
    "conformance": {"profile": "municipal", "capabilities": []},
    "jwks": {"keys": [PUBLIC_KEY]},
    "list_entry": {"number": "990100-1", "status": "active", "since": "2026-01-01"},
    "limits": {
        "max_body_bytes": 1048576,
        "max_batch_records": 1000,
        "max_query_batch_lines": 500,
        "query_batch_hours": 72,
        "idempotency_hours": 48,
        "rates": [{"operations": [], "per_minute": 600, "burst": 60}],
    },
    "tariff": {"checklist_items_cny": "0"},
    "time": TIME,
}
INSTITUTION_REPLY = {
    "institution_id": INSTITUTION,
    "name": "测试市样本有限公司",
    "uscc": INSTITUTION,
    "class": "bank",
    "status": "active",
    "admitted_at": TIME,
    "jwks": {"keys": [PUBLIC_KEY]},
}
AUTHORIZATION_REQUEST = {
    "subject": {**SUBJECT, "name": "测试市演示有限公司"},
    "recipient": INSTITUTION,
    "purpose": "pre_loan",
    "items": ["F01-01"],
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "text_version": "enterprise_2026",
    "origin": "institution_upload",
    "evidence": EVIDENCE,
}
AUTHORIZATION = {
    "authorization_id": "a-1",
    "state": "active",
    **AUTHORIZATION_REQUEST,
    "granted_by": {"capacity": "legal_representative", "assurance": "high"},
    "created_at": TIME,
}
BATCH = {
    "batch_id": "b-1",
    "status": "completed",
    "received": 2,
    "accepted": 1,
    "rejected": 1,
    "duplicates": 0,
    "outcomes": [
        {"index": 0, "record_id": "r-1", "outcome": "accepted", "reasons": []},
        {
            "index": 1,
            "record_id": None,
            "outcome": "rejected",
            "reasons": [{"code": "schema", "pointer": "/content", "rule": None, "message": TEXT}],
        },
    ],
    "next_cursor": None,
}
ENTRY = {
    "item_code": "F01-01",
    "title": TEXT,
    "version": "1.0",
    "checklist_version": "0.1",
    "schema_digest": "0" * 64,
    "update_frequency": "daily",
    "channel": ["local"],
    "disclosure": "public",
    "collection_mode": "physical",
    "freshness": {"records": 0, "last_collected_at": None, "latest_as_of": None},
    "overlay": None,
}
FIELDS = {
    "raw": {"form": "raw", "value": "x"},
    "masked": {"form": "masked", "value": "***"},
    "bucket": {"form": "bucket", "min": "0", "max": None, "unit": "CNY"},
    "token": {"form": "token", "value": "tk_" + "0" * 22},
    "withheld": {"form": "withheld"},
}
RECORD = {
    "record_id": "r-1",
    "record_version": 1,
    "provider_uscc": INSTITUTION,
    "as_of": TIME,
    "collected_at": TIME,
    "source_channel": "local",
    "status": "valid",
    "fields": FIELDS,
}
RESULT = {"item_code": "F01-01", "status": "ok", "authorization_id": "a-1", "records": [RECORD]}
QUERY = {
    "query_id": "q-1",
    "subject": SUBJECT,
    "recipient": INSTITUTION,
    "audience": "financial_institution",
    "purpose": "pre_loan",
    "channel": "query",
    "at": TIME,
    "results": [RESULT],
}
QUERY_REQUEST = {"subject": SUBJECT, "items": ["F01-01"], "purpose": "pre_loan", "authorizations": ["a-1"]}
EVENT = {
    "seq": 1,
    "at": TIME,
    "action": "query",
    "actor": INSTITUTION,
    "recipient": INSTITUTION,
    "purpose": "pre_loan",
    "subject_ref": "0" * 64,
    "items": ["F01-01"],
    "authorization_ids": ["a-1"],
    "outcome": "ok",
    "query_id": "q-1",
    "prev_hash": "0" * 64,
    "hash": "f" * 64,
}
TOKEN_FORM = FormBody(
    {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": ClientAssertion("hub", "hub"),
    }
)
TOKEN = {"access_token": "abc.def", "token_type": "Bearer", "expires_in": 300, "scope": "query authorize"}
NOTICE = {"notice_id": "n-1", "kind": "suspension", "received_at": TIME}


def problem(code: str, status: int, **members: Any) -> dict[str, Any]:
    return {
        "type": f"urn:fcsp:problem:{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail_i18n": TEXT,
        **members,
    }


def exchange(
    request: Request,
    body: Any,
    *,
    method: str,
    url: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Exchange:
    media_type = PROBLEM_JSON if status >= 400 else JSON
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    all_headers = (DATE, media_type, *HARDENED, *(headers or {}).items())
    reply = Reply(status, all_headers, content, 0.01, 3)
    return Exchange(3, request, method, url, reply)


def query(reply: Any = QUERY, **request: Any) -> Exchange:
    sent = Request("createQuery", body=QUERY_REQUEST, credential=BANK)
    return exchange(replace(sent, **request), reply, method="POST", url="/v1/queries")


def failure(body: Any, status: int, headers: dict[str, str] | None = None) -> Exchange:
    sent = Request("createQuery", body=QUERY_REQUEST, credential=BANK)
    return exchange(sent, body, method="POST", url="/v1/queries", status=status, headers=headers)


def authorization(body: Any = AUTHORIZATION, location: str = "/v1/authorizations/a-1") -> Exchange:
    sent = Request("createAuthorization", body=AUTHORIZATION_REQUEST, credential=BANK)
    headers = {"location": location}
    return exchange(sent, body, method="POST", url="/v1/authorizations", status=201, headers=headers)


def institution(**request: Any) -> Exchange:
    sent = Request("getInstitution", path={"institution_id": INSTITUTION}, credential=HUB)
    url = f"/v1/institutions/{INSTITUTION}"
    return exchange(replace(sent, **request), INSTITUTION_REPLY, method="GET", url=url)


def with_reply(base: Exchange, **members: Any) -> Exchange:
    return replace(base, reply=replace(base.reply, **members))


def without_header(base: Exchange, name: str) -> Exchange:
    return with_reply(base, headers=tuple(h for h in base.reply.headers if h[0] != name))


def with_header(base: Exchange, name: str, value: str) -> Exchange:
    kept = without_header(base, name).reply.headers
    return with_reply(base, headers=(*kept, (name, value)))


def _admission() -> list[Exchange]:
    admit = Request(
        "putInstitution",
        path={"institution_id": INSTITUTION},
        body={
            "name": "测试市样本有限公司",
            "uscc": INSTITUTION,
            "class": "bank",
            "jwks": {"keys": [PUBLIC_KEY]},
        },
        credential=HUB,
    )
    change = replace(
        admit, operation="patchInstitutionStatus", body={"status": "suspended", "reason": "test"}
    )
    url = f"/v1/institutions/{INSTITUTION}"
    return [
        exchange(admit, INSTITUTION_REPLY, method="PUT", url=url, status=201),
        exchange(admit, INSTITUTION_REPLY, method="PUT", url=url),
        institution(),
        exchange(change, INSTITUTION_REPLY, method="PATCH", url=f"{url}/status"),
    ]


def _authorization() -> list[Exchange]:
    reading = Request("getAuthorization", path={"authorization_id": "a-1"}, credential=BANK)
    revoke = replace(reading, operation="revokeAuthorization")
    url = "/v1/authorizations/a-1"
    revoked = {**AUTHORIZATION, "state": "revoked", "revoked_at": TIME}
    return [
        authorization(),
        exchange(reading, AUTHORIZATION, method="GET", url=url),
        exchange(
            Request("listAuthorizations", credential=BANK),
            {"authorizations": [AUTHORIZATION, revoked], "next_cursor": None},
            method="GET",
            url="/v1/authorizations",
        ),
        exchange(revoke, revoked, method="POST", url=f"{url}/revocation"),
        exchange(replace(revoke, body={"reason": "no"}), revoked, method="POST", url=f"{url}/revocation"),
    ]


def _collection() -> list[Exchange]:
    body = {"item_code": "F01-01", "records": [{}]}
    deliver = Request("createBatch", body=body, credential=PROVIDER)
    receipt = {"batch_id": "b-1", "received": 1, "status": "processing"}
    reading = Request("getBatch", path={"batch_id": "b-1"}, query={"limit": "10"}, credential=PROVIDER)
    headers = {"location": "https://platform.example.invalid/v1/batches/b-1"}
    return [
        exchange(deliver, receipt, method="POST", url="/v1/batches", status=202, headers=headers),
        exchange(reading, BATCH, method="GET", url="/v1/batches/b-1?limit=10"),
    ]


def _query_batches() -> list[Exchange]:
    creation = Request("createQueryBatch", body={"queries": [QUERY_REQUEST]}, credential=BANK)
    batch = {"query_batch_id": "b-1", "state": "queued", "lines": 2, "finished": 0}
    batch |= {"submitted_at": TIME, "kept_until": TIME}
    path, address = {"query_batch_id": "b-1"}, "/v1/query-batches/b-1"
    reading = Request("getQueryBatch", path=path, credential=BANK)
    fetch = Request("getQueryBatchResults", path=path, credential=BANK)
    lines = [
        {"index": 0, "reply": {**QUERY, "channel": "query_batch"}, "problem": None},
        {"index": 1, "reply": None, "problem": problem("invalid_request", 422)},
    ]
    results = {"query_batch_id": "b-1", "results": lines, "next_cursor": None}
    headers = {"location": address}
    return [
        exchange(creation, batch, method="POST", url="/v1/query-batches", status=202, headers=headers),
        exchange(reading, batch, method="GET", url=address),
        exchange(fetch, results, method="GET", url=f"{address}/results"),
    ]


def _preview() -> list[Exchange]:
    preview = Request(
        "previewDesensitization", body={"type": "mobile", "kind": "part", "value": MOBILE}, credential=BANK
    )
    replies = [*FIELDS.values(), {"form": "masked", "value": None}, {"form": "bucket", "value": None}]
    return [exchange(preview, r, method="POST", url="/v1/desensitization/preview") for r in replies]


def good() -> list[Exchange]:
    """At least one good exchange of each operation."""
    notice = Request("postNetworkNotice", body={"kind": "suspension", "issued_at": TIME}, credential=HUB)
    token = Request("issueToken", body=TOKEN_FORM)
    dates = {"effective_from": "2026-01-01", "effective_until": "2027-03-31"}
    version = {"checklist_version": "0.1", **dates}
    catalog = {**version, "status": TEXT, "items": [ENTRY], "next_cursor": "abc"}
    item = Request("getCatalogItem", path={"item_code": "F01-01"}, credential=BANK)
    audit = {"events": [EVENT], "head": {"seq": 1, "hash": "f" * 64}, "next_cursor": None}
    health = {"status": "ok", "version": "1", "time": TIME}
    descriptor = Request("getPlatformDescriptor")
    store = {"cache-control": "no-store"}
    return [
        exchange(descriptor, DESCRIPTOR, method="GET", url="/.well-known/fcsp-platform"),
        exchange(descriptor, {**DESCRIPTOR, "more": 1}, method="GET", url="/.well-known/fcsp-platform"),
        exchange(Request("getHealth"), health, method="GET", url="/v1/health"),
        exchange(notice, NOTICE, method="POST", url="/v1/network/notices", status=202),
        exchange(token, TOKEN, method="POST", url="/v1/oauth/token", headers=store),
        *_admission(),
        *_authorization(),
        *_collection(),
        *_query_batches(),
        *_preview(),
        exchange(Request("getCatalog", credential=BANK), catalog, method="GET", url="/v1/catalog"),
        exchange(item, ENTRY, method="GET", url="/v1/catalog/F01-01"),
        query(),
        exchange(Request("listAuditEvents", credential=HUB), audit, method="GET", url="/v1/audit-log"),
    ]
