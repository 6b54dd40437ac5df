"""A reference platform as a process, and clients that speak to it over real HTTP."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from reference_impl.china_time import CHINA

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
"""The day on which the platforms of the tests live, whatever day it is."""
AHEAD = TODAY - datetime.now(CHINA).date()
ISSUER = "https://issuer.fcsp.test"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def org_code(number: int) -> str:
    body = f"XT{number:06d}"
    total = sum(int(c, 36) * w for c, w in zip(body, ORG_WEIGHTS, strict=True))
    return body + "0123456789X0"[(11 - total % 11) % 12 if total % 11 else 11]


def uscc(number: int, lead: str = "91") -> str:
    body = f"{lead}990101{org_code(number)}"
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def resident_id(number: int) -> str:
    body = f"99010119800101{number:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True)) % 11]


KEYS = {
    name: ECKey.generate_key("P-256")
    for name in ("hub", "upstream", "provider", "issuer", "bank", "stranger")
}


def jwks(name: str) -> dict[str, Any]:
    key = KEYS[name]
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]}


def now(ahead: timedelta = AHEAD) -> datetime:
    """The time on the day of the tests."""
    return datetime.now(CHINA) + ahead


@dataclass
class Client:
    """A party with a key; keeps its token."""

    base_url: str
    client_id: str
    key: str
    http: httpx.Client
    tokens: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], datetime] = now

    def assertion(self, *, key: str | None = None, **claims: Any) -> str:
        now = int(self.clock().timestamp())
        content = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.base_url,
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + 60,
            **claims,
        }
        return signed(key or self.key, content)

    def ask_token(self, assertion: str, **parameters: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            **parameters,
        }
        return self.http.post("/v1/oauth/token", data=form)

    def token(self) -> str:
        if "own" not in self.tokens:
            reply = self.ask_token(self.assertion())
            assert reply.status_code == 200, reply.text
            self.tokens["own"] = reply.json()["access_token"]
        return self.tokens["own"]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        usual_headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        if method == "POST":
            usual_headers["Idempotency-Key"] = uuid4().hex
        return self.http.request(
            method,
            path,
            content=content,
            headers={**usual_headers, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )


@dataclass
class SubjectAgent(Client):
    """A person who acts for a subject."""

    subject: Mapping[str, str] = field(default_factory=dict)

    def ask_token(self, assertion: str, **more: str) -> httpx.Response:
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        return self.http.post("/v1/oauth/token", data={"grant_type": grant, "assertion": assertion, **more})

    def assertion(self, *, key: str | None = None, **claims: Any) -> str:
        content = {
            "iss": ISSUER,
            "sub": "person-1",
            "fcsp_subject": dict(self.subject),
            "capacity": "self" if self.subject["type"] == "natural_person" else "legal_representative",
            "assurance": "high",
        }
        return super().assertion(key=key or "issuer", **{**content, **claims})


def signed(key: str, claims: Mapping[str, Any], **header: str) -> str:
    given = {"alg": "ES256", "kid": KEYS[key].thumbprint(), **header}
    return jwt.encode(given, dict(claims), KEYS[key], algorithms=["ES256"])


@dataclass
class World:
    """A running platform and everybody who speaks to it."""

    base_url: str
    process: "subprocess.Popen[str] | None"
    http: httpx.Client
    clock: Callable[[], datetime] = now

    def client(self, client_id: str, key: str) -> Client:
        return Client(self.base_url, client_id, key, self.http, clock=self.clock)

    def agent(self, scheme: str, value: str, kind: str = "enterprise") -> SubjectAgent:
        subject = {"type": kind, "scheme": scheme, "value": value}
        return SubjectAgent(self.base_url, "person-1", "issuer", self.http, clock=self.clock, subject=subject)

    @property
    def hub(self) -> Client:
        return self.client("hub", "hub")

    @property
    def provider(self) -> Client:
        return self.client("provider", "provider")

    def admit(self, number: int, institution_class: str = "bank") -> Client:
        code = uscc(number)
        body = {
            "name": "测试市示例银行",
            "uscc": code,
            "class": institution_class,
            "jwks": jwks("bank"),
            "license": {"number": "1", "authority": "测试市地方金融管理局"},
        }
        reply = self.hub.send("PUT", f"/v1/institutions/{code}", body)
        assert reply.status_code in (200, 201), reply.text
        return self.client(code, "bank")


def trust() -> dict[str, Any]:
    clients = [
        {"client_id": role, "role": role, "name": role, "uscc": uscc(900 + i), "jwks": jwks(role)}
        for i, role in enumerate(("hub", "upstream", "provider"))
    ]
    return {"clients": clients, "assertion_issuers": [{"issuer": ISSUER, "jwks": jwks("issuer")}]}


@contextmanager
def running(folder: Path, *options: str, ahead: timedelta = AHEAD) -> Iterator[World]:
    day = ["--day", str(TODAY)] if ahead else []
    trust_file = folder / "trust.json"
    trust_file.write_text(json.dumps(trust()), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "reference_impl.harness",
        "--port",
        "0",
        "--trust",
        str(trust_file),
        *day,
        *options,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("listening on "), line
            base_url = line.removeprefix("listening on ").strip()
            with httpx.Client(base_url=base_url, timeout=120) as http:
                yield World(base_url, process, http, partial(now, ahead))
        finally:
            process.terminate()
            process.wait(60)


CONTENTS: dict[str, dict[str, Any]] = {
    "F01-01": {
        "registration_authority": "测试市市场监督管理局",
        "subject_type": "LIMITED_COMPANY",
        "registration_status": "ACTIVE",
        "legal_representative": "测甲一",
        "industry_code": "C34",
        "registered_address": "测试省测试市测试区示例路1号",
        "division_code": "990101",
        "establish_date": "2020-05-01",
    },
    "F02-01": {
        "person_name": "测甲一",
        "person_id_type": "RESIDENT_ID",
        "person_id_no": resident_id(1),
        "position": "LEGAL_REPRESENTATIVE",
    },
    "F04-02": {
        "taxpayer_id": uscc(1),
        "tax_item": "VAT",
        "period_from": "2026-07-01",
        "period_to": "2026-09-30",
        "sales_amount": "1234567.80",
        "tax_paid": "4321.09",
        "paid_date": "2026-10-12",
    },
}


def record(number: int, item: str = "F01-01", version: int = 1, **members: Any) -> dict[str, Any]:
    code = uscc(number)
    return {
        "record_id": f"r-{number}",
        "record_version": version,
        "item_code": item,
        "checklist_version": "2026.1",
        "subject": {
            "type": "enterprise",
            "name": "测试市示例机械有限公司",
            "ids": [{"scheme": "uscc", "value": code}],
        },
        "provider_uscc": uscc(950, "11"),
        "division_code": "990101",
        "operation": "insert",
        "as_of": "2026-10-01T08:00:00+08:00",
        "generated_at": "2026-10-01T08:00:00+08:00",
        "status": "valid",
        "source_channel": "head_to_head",
        "content": CONTENTS[item],
        **members,
    }
