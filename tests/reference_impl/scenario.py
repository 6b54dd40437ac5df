"""A day of a platform as one transcript: what an honest platform and a mutant answer to the same requests."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import event

from reference_impl.clock import on_day
from reference_impl.http import adapter
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.platform import Composition
from reference_impl.policy import audit
from reference_impl.settings import Settings, Trust
from reference_impl.store.engine import Database
from tests.reference_impl.platform_process import ROOT, TODAY, Client, World, record, resident_id, trust, uscc

BASE_URL = "http://platform.test"
DAY = timedelta(days=1)
VOLATILE = (
    (re.compile(r"\b(not|aut|bat|que)_[0-9a-f]{24}\b"), r"\1_ID"),
    (re.compile(r"tk_[0-9a-f]{22}"), "tk_TOKEN"),
    (re.compile(r"[0-9a-f]{32,64}"), "HEX"),
    (re.compile(r"(?!2026-10-01T08:00:00)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00"), "TIME"),
    (re.compile(r'"(access_token|x|y|kid)":"[^"]+"'), r'"\1":"..."'),
)
PERSON = resident_id(1)
REPORT = {
    "report_year": 2025,
    "total_assets": "1000000.50",
    "total_profit": "250000.10",
    "public_flags": {"total_assets": False, "total_profit": True},
}
PENALTY = {
    "document_no": "测市监罚〔2026〕1号",
    "violation_type": "测试",
    "violation_fact": "当事人电话15400001234，测试用。",
    "legal_basis": "依照测试规定第一条处理。",
    "penalty_category": "FINE",
    "penalty_content": "罚款",
    "decision_date": "2026-01-05",
    "publicity_deadline": "2027-01-05",
    "authority": "测试市市场监督管理局",
    "authority_uscc": uscc(951, "11"),
    "source_unit": "测试市市场监督管理局",
    "source_unit_uscc": uscc(951, "11"),
    "repair_status": "NONE",
}
PERSONNEL = {
    "person_name": "测甲一",
    "person_id_type": "RESIDENT_ID",
    "person_id_no": PERSON,
    "phone": "15400001234",
}


class Bridge(httpx.BaseTransport):
    """Runs an ASGI application without a server."""

    def __init__(self, app: Any) -> None:
        self._transport = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()

        async def run() -> httpx.Response:
            again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
            reply = await self._transport.handle_async_request(again)
            return httpx.Response(reply.status_code, headers=reply.headers, content=await reply.aread())

        return asyncio.run(run())


def open_composition(folder: Path) -> Composition:
    """The standard, read once for all days."""
    return Composition(
        Settings(
            base_url=BASE_URL,
            root=ROOT,
            database_url="sqlite://",
            key_file=folder / "key",
            trust=Trust.of(trust()),
            capabilities=("credit-service-agencies", "desensitization-preview"),
        )
    )


def quick(path: Path) -> Database:
    """A database that does not wait for the disk: durability is tested elsewhere."""
    database = Database(f"sqlite:///{path}")
    database.close()
    event.listen(database._engine, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF"))
    return database


class Day:
    """The transcript, and everybody who writes it."""

    def __init__(self, composition: Composition, database: Path, make: Callable[[Parts], Parts]) -> None:
        parts = make(on_day(composition.parts(), TODAY))
        platform, self.clock = composition.platform(parts), parts[BaseParts].clock
        self.day = self.clock().date()
        quick_platform = replace(platform, database=quick(database))
        self.http = httpx.Client(transport=Bridge(adapter.app(quick_platform)), base_url=BASE_URL)
        self.world = World(BASE_URL, None, self.http, self.clock)
        self.steps: list[tuple[str, str]] = []

    def note(self, name: str, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        for pattern, replacement in VOLATILE:
            text = pattern.sub(replacement, text)
        self.steps.append((name, text))

    def reply(self, name: str, reply: httpx.Response) -> Any:
        media, location = reply.headers["content-type"], reply.headers.get("location")
        self.note(name, f"{reply.status_code} {media} {location} {reply.text}")
        return reply.json()

    def send(
        self, name: str, client: Client, method: str, path: str, body: Any = None, **headers: str
    ) -> Any:
        return self.reply(name, client.send(method, path, body, **headers))

    def usable(self) -> None:
        """What the suite's doctor looks at before anything is judged."""
        descriptor = self.reply("descriptor", self.http.get("/.well-known/fcsp-platform"))
        assert descriptor["issuer"] == BASE_URL
        assert descriptor["token_endpoint"].startswith(BASE_URL)
        assert self.http.get("/v1/health").status_code == 200
        for client in (self.world.hub, self.world.provider, self.world.client("upstream", "upstream")):
            assert client.token()
        assert self.world.admit(1).token()
        assert self.world.agent("uscc", uscc(1)).token()

    def run(self) -> None:
        self.usable()
        self.tokens()
        self.admission()
        self.collection()
        self.authorization()
        self.queries()
        self.wire()
        self.network()
        self.log()

    def tokens(self) -> None:
        hub, agent, now = self.world.hub, self.world.agent("uscc", uscc(1)), int(self.clock().timestamp())
        for client in (hub, agent):
            for fault in ({"key": "stranger"}, {"exp": now - 600}, {"aud": "https://other.test"}):
                self.reply(f"token with wrong {min(fault)}", client.ask_token(client.assertion(**fault)))
            twice = client.assertion()
            self.reply("token", client.ask_token(twice))
            self.reply("token again", client.ask_token(twice))
        self.reply("unknown issuer", agent.ask_token(agent.assertion(iss="https://nobody.test")))
        nobody = self.world.client(uscc(888), "bank")
        self.reply("not admitted", nobody.ask_token(nobody.assertion()))

    def admission(self) -> None:
        world = self.world
        self.bank, self.other = world.admit(101), world.admit(102)
        self.agency = world.admit(103, "credit_service")
        for client in (self.bank, self.agency):
            self.send("institution", world.hub, "GET", f"/v1/institutions/{client.client_id}")
        path = f"/v1/institutions/{self.other.client_id}"
        institution = {"name": "测试市示例银行", "uscc": uscc(104), "class": "bank", "jwks": {"keys": []}}
        self.send("bank admits", self.bank, "PUT", f"/v1/institutions/{uscc(104)}", institution)
        change = {"status": "suspended", "reason": "测试"}
        self.other.token()
        self.send("bank suspends", self.bank, "PATCH", f"{path}/status", change)
        self.send("suspend", world.hub, "PATCH", f"{path}/status", change)
        self.send("suspended", self.other, "GET", "/v1/catalog?limit=1")
        self.send("suspended read", world.hub, "GET", path)
        self.send("resume", world.hub, "PATCH", f"{path}/status", {**change, "status": "active"})

    def deliver(self, name: str, *records: Any, **headers: str) -> None:
        body = {"item_code": records[0]["item_code"], "records": list(records)}
        reply = self.world.provider.send("POST", "/v1/batches", body, **headers)
        self.reply(name, reply)
        if reply.status_code == 202:
            self.send(f"{name} outcomes", self.world.provider, "GET", reply.headers["Location"])

    def collection(self) -> None:
        good = record(1, "F04-02")
        content = good["content"]
        self.deliver(
            "mixed",
            good,
            record(2, "F04-02", content={**content, "period_from": "2026-12-01"}),
            record(3, "F04-02", content={**content, "paid_date": "2026-02-30"}),
            record(4, "F04-02", content={**content, "tax_item": "NONSENSE"}),
            record(5, "F04-02", content={**content, "extra": 1}),
            record(6, "F04-02", provider_uscc=uscc(950, "11")[:-1] + "0"),
        )
        self.deliver("same key", record(11), Idempotency_Key="key-of-the-day")
        self.deliver("same key again", record(11), Idempotency_Key="key-of-the-day")
        self.deliver("same key, other body", record(12), Idempotency_Key="key-of-the-day")
        for version in (3, 2):
            self.deliver(f"version {version}", record(13, version=version))
        self.deliver("to withdraw", record(14))
        withdrawal = {k: v for k, v in record(14, version=2, operation="withdraw").items() if k != "content"}
        self.deliver("withdraw", withdrawal)
        self.deliver("report", record(1, "F04-02", item_code="F01-04", content=REPORT))
        self.deliver("personnel", record(1, "F04-02", item_code="F02-01", content=PERSONNEL))
        self.deliver("penalty", record(1, "F04-02", item_code="F09-02", content=PENALTY))
        verbose = {**PENALTY, "document_no": "测市监罚〔2026〕2号", "violation_fact": "测试用。" * 100}
        self.deliver("long penalty", record(20, item_code="F09-02", content=verbose))
        farm = {"type": "farmer_cooperative", "name": "测试市示例农民专业合作社"}
        ids = [{"scheme": "uscc", "value": uscc(15, "93")}]
        self.deliver("rural", record(15, "F04-02", subject={**farm, "ids": ids}))
        shop = {
            "type": "individual_business",
            "name": "测试市示例经营部",
            "ids": [{"scheme": "uscc", "value": uscc(16, "92")}],
        }
        self.deliver("shop", record(16, "F04-02", item_code="F01-04", content=REPORT, subject=shop))
        lines = [json.dumps(record(17)), "{broken", json.dumps(record(18))]
        provider = self.world.provider
        headers = {
            "Authorization": f"Bearer {provider.token()}",
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": "lines-of-the-day",
        }
        reply = self.http.post("/v1/batches", content="\n".join(lines), headers=headers)
        self.reply("lines", reply)
        if reply.status_code == 202:
            self.send("lines outcomes", provider, "GET", reply.headers["Location"])
        catalog = self.send("catalog", provider, "GET", "/v1/catalog")
        self.note("digests", [entry["schema_digest"][:12] for entry in catalog["items"]])
        last = catalog["items"][-1]["freshness"]["last_collected_at"]
        self.note("never collected", [e["freshness"]["last_collected_at"] is None for e in catalog["items"]])
        self.note("last", last is None)

    def give(self, name: str, client: Client, *, omitted: str = "", **changed: Any) -> str:
        body: dict[str, Any] = {
            "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(1)}]},
            "recipient": self.bank.client_id,
            "purpose": "pre_loan",
            "items": ["F04-02", "F02-01", "F01-04"],
            "valid_from": str(self.day),
            "valid_until": str(self.day + DAY),
            "text_version": "enterprise_2026",
            "origin": "platform_page",
            "evidence": {
                "digest_algorithm": "SM3",
                "digest": uuid4().hex * 2,
                "signed_at": "2026-10-01T08:00:00+08:00",
            },
            **changed,
        }
        body.pop(omitted, None)
        authorization = self.send(name, client, "POST", "/v1/authorizations", body)
        self.note(f"{name} evidence", authorization.get("evidence", {}).get("digest", "")[:8])
        return str(authorization.get("authorization_id", "none"))

    def period(self, first: int, last: int) -> dict[str, str]:
        """From one day to another, counted from today."""
        return {"valid_from": str(self.day + first * DAY), "valid_until": str(self.day + last * DAY)}

    def authorization(self) -> None:
        agent = self.world.agent("uscc", uscc(1))
        self.given = self.give("give", agent)
        self.today = self.give("ends today", agent, valid_until=str(self.day), items=["F04-02", "F02-01"])
        self.ended = self.give("ended", agent, **self.period(-3, -1))
        self.later = self.give("later", agent, **self.period(1, 3))
        self.to_other = self.give("to another", agent, recipient=self.other.client_id)
        self.one_item = self.give("one item", agent, items=["F02-01"])
        self.give("foreign subject", self.world.agent("uscc", uscc(2)))
        upload = {"origin": "institution_upload", "purpose": "post_loan"}
        self.give("upload", self.bank, **upload)
        self.give("upload without evidence", self.bank, **upload, omitted="evidence")
        self.give("upload for another", self.other, **upload)
        self.give("upload by agency", self.agency, **upload, recipient=self.agency.client_id)
        someone = {"type": "natural_person", "ids": [{"scheme": "resident_id", "value": PERSON}]}
        person = self.world.agent("resident_id", PERSON, "natural_person")
        self.person = self.give("person", person, subject=someone, text_version="person_2026")
        self.revoked = self.give("to revoke", agent, items=["F04-02", "F01-04"])
        for time_of_asking in ("first", "second"):
            path = f"/v1/authorizations/{self.revoked}/revocation"
            self.send(f"revoke {time_of_asking}", agent, "POST", path, {})

    def ask(self, name: str, client: Client, items: list[str], *cited: str, **changed: Any) -> Any:
        number, lead = changed.pop("number", 1), changed.pop("lead", "91")
        body = {
            "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(number, lead)}]},
            "items": items,
            "purpose": "pre_loan",
            "authorizations": list(cited),
            **changed,
        }
        return self.send(name, client, "POST", "/v1/queries", body)

    def queries(self) -> None:
        bank, tax = self.bank, ["F04-02"]
        self.ask("all", bank, ["F04-02", "F01-01", "F02-01", "F01-04", "F09-02"], self.given)
        self.ask("with the person", bank, ["F02-01"], self.given, self.person)
        self.ask("nobody", bank, tax, number=77)
        for name in ("today", "ended", "later", "to_other", "one_item", "revoked"):
            self.ask(name, bank, tax, getattr(self, name))
        self.ask("other purpose", bank, tax, self.given, purpose="post_loan")
        self.ask("none", bank, ["F04-02", "F01-04"])
        self.ask("other subject", bank, tax, self.given, number=2)
        self.ask("agency", self.agency, ["F02-01", "F01-04"])
        self.ask("self", self.world.agent("uscc", uscc(1)), ["F02-01", "F01-04"], purpose="self_inquiry")
        self.ask("someone else", self.world.agent("uscc", uscc(2)), tax)
        self.ask("shop", bank, ["F01-04"], number=16, lead="92")
        self.ask("versions", bank, ["F01-01"], number=13)
        self.deliver("version 4", record(13, version=4))
        self.ask("new version", bank, ["F01-01"], number=13)
        self.ask("withdrawn", bank, ["F01-01"], number=14)
        self.ask("unknown item", bank, ["F99-99"])
        self.ask("unknown purpose", bank, tax, purpose="curiosity")
        self.ask("unknown member", bank, tax, comment="x")
        self.send("provider asks", self.world.provider, "POST", "/v1/queries", {})
        hub, upstream = self.world.hub, self.world.client("upstream", "upstream")
        replies = [self.ask("token", client, ["F02-01"]) for client in (hub, hub, upstream)]
        first, second, elsewhere = (self.person_token(reply) for reply in replies)
        self.note("tokens", [first == second, first == elsewhere])
        values = [("mobile", v) for v in ("15400001234", "1234567", " 154 0000 1234 ")]
        for name, value in (*values, ("resident_id", PERSON)):
            preview = {"type": name, "kind": "part", "value": value}
            self.send("preview", bank, "POST", "/v1/desensitization/preview", preview)

    @staticmethod
    def person_token(reply: Any) -> str:
        fields = reply["results"][0]["records"][0]["fields"]
        return str(fields["person_id_no"].get("value"))

    def wire(self) -> None:
        self.reply("no token", self.http.get("/v1/catalog/F01-01"))
        bearer = {"Authorization": "Bearer nonsense"}
        self.reply("nonsense token", self.http.get("/v1/catalog/F01-01", headers=bearer))
        self.send("bank reads the log", self.bank, "GET", "/v1/audit-log")
        headers = {"Authorization": f"Bearer {self.bank.token()}", "Content-Type": "application/json"}
        doubled = b'{"purpose":"pre_loan","purpose":"pre_loan"}'
        for body in (b"{", doubled, b"[" * 100_000):
            self.reply("malformed", self.http.post("/v1/queries", content=body, headers=headers))
        large = b'{"x":"' + b" " * 1_100_000 + b'"}'
        self.reply("large", self.http.post("/v1/queries", content=large, headers=headers))
        self.send("media", self.bank, "POST", "/v1/queries", {}, Content_Type="text/plain")
        self.send("accept", self.bank, "POST", "/v1/queries", {}, Accept="text/html")

    def network(self) -> None:
        notice = {"kind": "list_change", "issued_at": "2026-10-01T08:00:00+08:00"}
        self.send("bank notifies", self.bank, "POST", "/v1/network/notices", notice)
        for kind in ("suspension", "resumption"):
            self.send(kind, self.world.hub, "POST", "/v1/network/notices", {**notice, "kind": kind})
            self.ask(f"after {kind}", self.bank, ["F01-01"])
            self.reply(f"health after {kind}", self.http.get("/v1/health"))

    def log(self) -> None:
        page = self.world.hub.send("GET", "/v1/audit-log?limit=500").json()
        self.note("events", [(e["action"], e["outcome"], e["items"]) for e in page["events"]])
        self.note("broken at", audit.broken_at(page["events"]))
