"""What is written of a run holds neither planted values nor secrets, and can be read again."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from conformance.evidence import (
    Header,
    Redactor,
    TranscriptError,
    TranscriptWriter,
    Vault,
    canonical,
    read,
    restored,
)
from conformance.evidence.canonical import stepwise
from conformance.evidence.personal import is_resident_id
from conformance.loader import read_yaml
from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.text import Message, Text
from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    Exchange,
    FormBody,
    LiteralToken,
    Raw,
    Reply,
    Request,
    SubjectAssertion,
    SubjectToken,
)
from tests.support import toy_platform

SCHEMAS = Path(__file__).parents[3] / "schemas"
CASE = Case("TOY-001", "a", "F01-01")
NAME, MOBILE, RESIDENT = "欧阳试", "13900000001", "990000199003070011"
TOKEN = "opaque-token-of-the-platform"
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJIVUIifQ.c2lnbmF0dXJl"
UNKNOWN_MOBILE, UNKNOWN_RESIDENT = "13812345678", "11010519491231002X"


def reply(body: Any, status: int = 200, step: int = 1, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, (("content-type", "application/json"), *headers), content, 0.25, step)


def exchange(request: Request, answer: Reply, wait: int = 0, attempt: int = 0) -> Exchange:
    return Exchange(answer.step, request, "POST", "/v1/things", answer, wait, attempt)


def result(*exchanges: Exchange, findings: tuple[Finding, ...] = (), case: Case = CASE) -> Result:
    return Result(case, Verdict.FAILED, findings, exchanges, 1.5)


@pytest.fixture
def filled_vault(vault: Vault) -> Vault:
    for value in (NAME, MOBILE, RESIDENT):
        vault.plant(CASE.id, value)
    vault.secret("token", TOKEN)
    return vault


def header() -> Header:
    return Header(
        suite_version="0.1",
        standard_version="0.1",
        standard_digest="0" * 64,
        target=toy_platform.target("http://platform.test", capabilities=("x",)),
        platform={"level": "municipal"},
        seed=7,
        nonce="n",
        as_of=date(2026, 11, 23),
        today=date(2026, 11, 24),
        complete=True,
    )


HOSTILE = [
    reply({"name": NAME, "nested": [{NAME: MOBILE}], "said": f"to {NAME}, {RESIDENT}"}),
    reply(json.dumps({"name": NAME, "id": RESIDENT}).encode()),
    reply(json.dumps(NAME, ensure_ascii=False).encode()),
    reply(f'{{"a": "{NAME}", "a": "other"}}'.encode()),
    reply(f"<p>{NAME} {MOBILE}</p>".encode()),
    reply(f'{{"n": "{NAME}"}}\nbroken {RESIDENT}'.encode()),
    reply(f"{NAME} {RESIDENT}".encode("gb18030")),
    reply(NAME.encode("utf-16-le") + b"\xff\xfe"),
    reply({"access_token": "never-seen-before", "token_type": "Bearer"}),
    reply({"echo": f"Bearer {TOKEN}", "jwt": JWT}),
    reply({"mobile": int(MOBILE), "other": int(UNKNOWN_MOBILE)}),
    reply({"a": UNKNOWN_RESIDENT, "b": f"tel:+86{UNKNOWN_MOBILE}."}),
    reply({}, headers=(("location", f"/people/{quote(NAME)}"), ("set-cookie", "session=never-seen-before"))),
    reply(b"[" * 100_000 + NAME.encode()),
]
FORBIDDEN = [NAME, MOBILE, RESIDENT, TOKEN, JWT, UNKNOWN_MOBILE, UNKNOWN_RESIDENT, "never-seen-before"]


def disguises(text: str) -> set[str]:
    escaped = json.dumps(text)[1:-1]
    encodings = {b64encode(text.encode(e)).decode().rstrip("=") for e in ("utf-8", "gb18030", "utf-16-le")}
    return {text, escaped, json.dumps(escaped)[1:-1], quote(text), *encodings}


@pytest.mark.parametrize("answer", HOSTILE)
def test_nothing_planted_or_secret_is_written(filled_vault: Vault, tmp_path: Path, answer: Reply) -> None:
    finding = Finding(
        Message("x.y", {"name": NAME, "list": [MOBILE]}),
        where=f"reply.body/{NAME}",
        expected={NAME: RESIDENT},
        actual=[f"{TOKEN}", UNKNOWN_MOBILE],
    )
    request = Request(
        "createThing", path={"id": NAME}, headers={"Authorization": "never-seen-before"}, body={"n": NAME}
    )
    sample = Exchange(1, request, "POST", f"/v1/things/{quote(NAME)}?q={MOBILE}", answer)
    with TranscriptWriter(tmp_path, header(), Redactor(filled_vault)) as writer:
        redacted = writer.write(result(sample, findings=(finding,)))
    transcript = (tmp_path / "transcript.jsonl").read_text("utf-8")
    for place in (transcript, repr(redacted)):
        assert not [d for text in FORBIDDEN for d in disguises(text) if d in place]


def test_every_kind_of_request_is_redacted_and_read_again(filled_vault: Vault, tmp_path: Path) -> None:
    person = SubjectAssertion("natural_person", "resident_id", RESIDENT)
    requests = [
        Request(
            "a",
            body=FormBody(
                {"assertion": person, "client_assertion": ClientAssertion("HUB", "hub"), "scope": "q"}
            ),
        ),
        Request("b", body=FormBody({"assertion": JWT})),
        Request("c", body=Raw(f'{{"n":"{NAME}"}}'.encode(), "application/x-ndjson")),
        Request("d", body=Raw(b"\xff\x00", "text/plain"), credential=LiteralToken(TOKEN)),
        Request("e", credential=ClientToken("HUB", "hub"), valid=False),
        Request("f", credential=SubjectToken(person), query={"q": MOBILE}, body=["json", None]),
    ]
    steps = [exchange(request, reply({}, step=n)) for n, request in enumerate(requests, 1)]
    with TranscriptWriter(tmp_path, header(), Redactor(filled_vault)) as writer:
        redacted = writer.write(result(*steps))
    assert read(tmp_path).cases[CASE.id].result == redacted
    transcript = (tmp_path / "transcript.jsonl").read_text("utf-8")
    assert not [text for text in FORBIDDEN if text in transcript]
    assert [e.request.operation for e in redacted.exchanges] == list("abcdef")
    assert redacted.exchanges[4].request == requests[4]
    assert redacted.exchanges[3].request.body == requests[3].body


def test_every_line_obeys_the_meta_schema(filled_vault: Vault, tmp_path: Path) -> None:
    person = SubjectAssertion("enterprise", "uscc", "1")
    requests = [
        Request("a", credential=SubjectToken(person), body=FormBody({"assertion": person, "scope": "q"})),
        Request("b", credential=ClientToken("HUB", "hub"), body=Raw(b"\xff", "text/plain")),
        Request("c", credential=LiteralToken("x"), body=[1]),
        Request("d"),
    ]
    exchanges = [exchange(request, reply(b"\xff", step=n)) for n, request in enumerate(requests, 1)]
    findings = (Finding(Message("a.b", {"why": Text("因", "why")}), 1, "x", {}, []),)
    with TranscriptWriter(tmp_path, header(), Redactor(filled_vault)) as writer:
        writer.write(result(*exchanges, findings=findings))
    schema = read_yaml(SCHEMAS / "meta/transcript.schema.yaml", "transcript.schema.yaml")
    validator = Draft202012Validator(schema)
    lines = (tmp_path / "transcript.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert [e.message for line in lines for e in validator.iter_errors(json.loads(line))] == []
    wrong = json.loads(lines[1])
    wrong["exchanges"][0]["request"]["credential"] = "secret"
    assert not validator.is_valid(wrong)


def test_a_transcript_reads_back_as_written(filled_vault: Vault, tmp_path: Path) -> None:
    later = Case("TOY-002", "b")
    finding = Finding(Message("a.b", {"why": Text("因", "why"), "of": Message("c.d")}), 2, fault=Fault.SUITE)
    with TranscriptWriter(tmp_path, header(), Redactor(filled_vault)) as writer:
        redacted_results = [writer.write(result(case=later, findings=(finding,))), writer.write(result())]
    transcript = read(tmp_path)
    assert transcript.header == header().__class__(
        **{**{n: getattr(header(), n) for n in Header.__slots__}, "target": transcript.header.target}
    )
    assert transcript.header.target.clients == {"hub": toy_platform.HUB}
    assert transcript.header.target.capabilities == ("x",)
    assert [recorded.result for recorded in transcript.cases.values()] == redacted_results[::-1]
    assert redacted_results[0].findings == (finding,)


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other"}\n', "no json\n"])
def test_a_file_that_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "transcript.jsonl").write_text(text)
    with pytest.raises(TranscriptError):
        read(tmp_path)


def test_a_body_with_nothing_to_hide_stays_as_it_is(filled_vault: Vault) -> None:
    body = b'{ "b": 1.0,\n "a": "\\u540d" }'
    assert (
        Redactor(filled_vault).result(result(exchange(Request("a"), reply(body)))).exchanges[0].reply.body
        == body
    )


def test_equal_secrets_stay_equal_and_different_ones_different(vault: Vault) -> None:
    redactor = Redactor(vault)
    a, b, c = (
        redactor.json({"access_token": token})["access_token"] for token in ("token-1", "token-1", "token-2")
    )
    assert a == b != c


def test_a_short_secret_is_not_looked_for_elsewhere(vault: Vault) -> None:
    redacted = Redactor(vault).json([{"password": "ok"}, {"status": "ok"}])
    assert redacted[0]["password"].startswith("{secret:password-")
    assert redacted[1] == {"status": "ok"}


def test_commitments_need_the_salt() -> None:
    one, same, other = (Vault(salt).commitment("mobile", MOBILE) for salt in (b"1", b"1", b"2"))
    assert one == same != other


@pytest.mark.parametrize(
    "harmless",
    [
        "110105194912310021",  # wrong check character
        "110105194913310022",
        "a13812345678b",
        "138123456789",
        "13812345678.50",
        "20261123062540",
        "91350100M000100Y43",
    ],
)
def test_what_only_looks_personal_at_a_glance_is_kept(vault: Vault, harmless: str) -> None:
    assert Redactor(vault).text(harmless) == harmless


def test_placeholders_of_the_case_itself_come_first(vault: Vault) -> None:
    vault.plant("T/a", NAME)
    vault.plant("T/b", "x")
    vault.plant("T/b", NAME)
    redactor = Redactor(vault)
    assert redactor.text(NAME, "T/b") == "{planted:T/b#2}"
    assert redactor.text(NAME, "T/c") == "{planted:T/a#1}"
    assert redactor.text("x", "T/c") == "x"


def test_planted_values_are_restored_for_a_replay(vault: Vault) -> None:
    vault.plant(CASE.id, NAME)
    vault.plant(CASE.id, 'quo"te\\')
    original = reply({"n": NAME, "t": f'{NAME} said quo"te\\', NAME: [1]}, headers=(("location", NAME),))
    redacted = Redactor(vault).result(result(exchange(Request("a"), original))).exchanges[0].reply
    assert NAME not in redacted.body.decode("unicode_escape")
    back = restored(redacted, vault, CASE.id)
    assert (back.json, back.headers) == (original.json, original.headers)


def test_what_stays_hidden_is_replaced_by_something_as_well_formed(vault: Vault) -> None:
    original = reply(
        {"id": UNKNOWN_RESIDENT, "tel": UNKNOWN_MOBILE, "again": UNKNOWN_RESIDENT, "access_token": "t"}
    )
    redacted = Redactor(vault).result(result(exchange(Request("a"), original)))
    second_vault = Vault(b"another")
    back = restored(redacted.exchanges[0].reply, second_vault, CASE.id)
    assert is_resident_id(back.json["id"])
    assert back.json["id"] == back.json["again"] != UNKNOWN_RESIDENT
    assert re.fullmatch("1[3-9][0-9]{9}", back.json["tel"])
    assert re.fullmatch("[A-Za-z0-9._~+/-]+=*", back.json["access_token"])
    assert Redactor(second_vault).result(result(exchange(Request("a"), back))) == redacted


def steps(*pairs: tuple[Request, Any]) -> list[Exchange]:
    return [exchange(request, reply(body, step=n)) for n, (request, body) in enumerate(pairs, 1)]


def flow(id_: str) -> list[Exchange]:
    return steps(
        (Request("createThing", body={"name": "n"}), {"id": id_, "name": "n"}),
        (Request("getThing", path={"id": id_}), {"name": "n"}),
        (Request("createThing", body={"name": "n", "of": [id_]}, credential=LiteralToken(id_)), {}),
    )


def test_canonical_requests_do_not_depend_on_the_platforms_identifiers() -> None:
    assert canonical(flow("thing-1")) == canonical(flow("another"))
    _, second, third = canonical(flow("thing-1"))
    assert second["path"] == {"id": "{reply:1/id}"}
    assert third["body"] == {"json": {"name": "n", "of": ["{reply:1/id}"]}}
    assert third["credential"] == {"literal": "{reply:1/id}"}


def test_canonical_requests_differ_where_requests_do() -> None:
    other = [*flow("thing-1")[:1], *steps((Request("getThing", path={"id": "x"}), {}))]
    assert canonical(flow("thing-1"))[:2] != canonical(other)


def test_of_a_wait_only_the_last_attempt_counts() -> None:
    poll, final = Request("getThing", path={"id": "t"}), Request("getHealth")

    def waited(attempts: int) -> list[Exchange]:
        return [
            *(exchange(poll, reply({}, step=n), 1, n) for n in range(1, attempts + 1)),
            exchange(final, reply({"cursor": "c"}, step=attempts + 1), 1, attempts),
            exchange(Request("getThing", query={"cursor": "c"}), reply({}, step=attempts + 2)),
        ]

    assert canonical(waited(1)) == canonical(waited(4))
    assert canonical(waited(4))[-1]["query"] == {"cursor": "{reply:2/cursor}"}


def test_no_digest_tells_how_often_the_platform_was_asked() -> None:
    make, poll = Request("createThing", body={}), Request("getThing", path={"id": "t"})
    after = Request("getThing", path={"id": "made-up"}, query={"of": "settled"})

    def asked(attempts: int, retries: int) -> set[str]:
        refused = [replace(exchange(make, reply({}, 429)), retry=n) for n in range(retries)]
        creation = replace(exchange(make, reply({"id": "made-up"})), retry=retries)
        polls = [exchange(poll, reply({"state": "queued"}), 1, n) for n in range(1, attempts)]
        last = exchange(poll, reply({"state": "settled"}), 1, attempts)
        steps = (*refused, creation, *polls, last, exchange(after, reply({})))
        return {digest for _, digest in stepwise(steps)}

    assert len(asked(1, 0)) == 3
    assert asked(1, 0) == asked(4, 0) == asked(1, 2) == asked(3, 1)
