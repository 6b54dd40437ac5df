"""Results as JSON and back: the form in which evidence is redacted, written and read."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.text import Message, Text
from conformance.model.wire import (
    Answer,
    ClientAssertion,
    ClientToken,
    Credential,
    Exchange,
    Form,
    Incoming,
    Json,
    LiteralToken,
    Raw,
    Reply,
    Request,
    SubjectAssertion,
    SubjectToken,
)

ASSERTIONS = {"client_assertion": ClientAssertion, "subject_assertion": SubjectAssertion}


def result(value: Result) -> dict[str, Json]:
    return {
        "case": {"id": value.case.id, **asdict(value.case)},
        "verdict": value.verdict.value,
        "findings": [finding(found) for found in value.findings],
        "exchanges": [exchange(step) for step in value.exchanges],
        "duration": round(value.duration, 6),
        "started": round(value.started, 6),
        "lane": value.lane,
        "marks": dict(value.marks),
        "received": [incoming(one) for one in value.received],
    }


def read_result(data: Mapping[str, Any]) -> Result:
    return Result(
        case=Case(**{name: part for name, part in data["case"].items() if name != "id"}),
        verdict=Verdict(data["verdict"]),
        findings=tuple(map(read_finding, data["findings"])),
        exchanges=tuple(map(read_exchange, data["exchanges"])),
        duration=data["duration"],
        started=data.get("started", 0.0),
        lane=data.get("lane", 0),
        marks=data["marks"],
        received=tuple(map(read_incoming, data.get("received", ()))),
    )


def finding(value: Finding) -> dict[str, Json]:
    return {
        "message": message(value.message),
        "step": value.step,
        "where": value.where,
        "expected": value.expected,
        "actual": value.actual,
        "fault": value.fault.value,
    }


def read_finding(data: Mapping[str, Any]) -> Finding:
    rest = {name: data[name] for name in ("step", "where", "expected", "actual")}
    return Finding(read_message(data["message"]), fault=Fault(data["fault"]), **rest)


def message(value: Message) -> dict[str, Json]:
    return {"key": value.key, "args": {name: _argument(part) for name, part in value.args.items()}}


def read_message(data: Mapping[str, Any]) -> Message:
    return Message(data["key"], {name: _read_argument(part) for name, part in data["args"].items()})


def exchange(value: Exchange) -> dict[str, Json]:
    return {
        "step": value.step,
        "wait": value.wait,
        "attempt": value.attempt,
        "retry": value.retry,
        "method": value.method,
        "url": value.url,
        "request": request(value.request),
        "reply": reply(value.reply),
    }


def read_exchange(data: Mapping[str, Any]) -> Exchange:
    same = {name: data[name] for name in ("step", "wait", "attempt", "retry", "method", "url")}
    return Exchange(
        request=read_request(data["request"]), reply=read_reply(data["reply"], data["step"]), **same
    )


def incoming(value: Incoming) -> dict[str, Json]:
    return {
        "operation": value.operation,
        "method": value.method,
        "url": value.url,
        "headers": [list(header) for header in value.headers],
        "body": content(value.body),
        "faults": list(value.faults),
        "answer": {**asdict(value.answer), "body": content(value.answer.body)},
        "look": value.look,
        "place": value.place,
        "number": value.number,
        "seconds": round(value.seconds, 6),
    }


def read_incoming(data: Mapping[str, Any]) -> Incoming:
    same = {name: data[name] for name in ("operation", "method", "url", "look")}
    return Incoming(
        headers=tuple((name, value) for name, value in data["headers"]),
        body=read_content(data["body"]),
        faults=tuple(data["faults"]),
        answer=Answer(**{**data["answer"], "body": read_content(data["answer"]["body"])}),
        place=data.get("place", ""),
        number=data.get("number", 0),
        seconds=data.get("seconds", 0.0),
        **same,
    )


def request(value: Request) -> dict[str, Json]:
    return {
        "operation": value.operation,
        "path": dict(value.path),
        "query": dict(value.query),
        "headers": dict(value.headers),
        "body": _body(value.body),
        "credential": _credential(value.credential),
        "valid": value.valid,
    }


def read_request(data: Mapping[str, Any]) -> Request:
    rest = {name: data[name] for name in ("operation", "path", "query", "headers", "valid")}
    return Request(body=_read_body(data["body"]), credential=_read_credential(data["credential"]), **rest)


def reply(value: Reply) -> dict[str, Json]:
    return {
        "status": value.status,
        "headers": [list(header) for header in value.headers],
        "body": content(value.body),
        "elapsed": round(value.elapsed, 6),
    }


def read_reply(data: Mapping[str, Any], step: int) -> Reply:
    headers = tuple((name, value) for name, value in data["headers"])
    return Reply(data["status"], headers, read_content(data["body"]), data["elapsed"], step)


def content(value: bytes) -> dict[str, str]:
    """Bytes as text where they are text, else in base64."""
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(value).decode()}


def read_content(data: Mapping[str, str]) -> bytes:
    return data["text"].encode() if "text" in data else b64decode(data["base64"])


def _argument(value: Any) -> Json:
    match value:
        case Text(zh, en):
            return {"text": {"zh": zh, "en": en}}
        case Message():
            return {"message": message(value)}
        case _:
            return value


def _read_argument(data: Any) -> Any:
    match data:
        case {"text": {"zh": zh, "en": en}}:
            return Text(zh, en)
        case {"message": {"key": _, "args": _} as inner}:
            return read_message(inner)
        case _:
            return data


def _body(value: Any) -> Json:
    match value:
        case None:
            return None
        case Form(fields):
            return {"form": {name: _field(part) for name, part in fields.items()}}
        case Raw(data, media_type):
            return {"raw": content(data), "media_type": media_type}
        case _:
            return {"json": value}


def _read_body(data: Any) -> Any:
    match data:
        case {"form": fields}:
            return Form({name: _read_field(part) for name, part in fields.items()})
        case {"raw": raw, "media_type": media_type}:
            return Raw(read_content(raw), media_type)
        case {"json": value}:
            return value
        case _:
            return None


def _field(value: str | ClientAssertion | SubjectAssertion) -> Json:
    if isinstance(value, str):
        return value
    tag = next(tag for tag, kind in ASSERTIONS.items() if isinstance(value, kind))
    return {"sign": tag, **asdict(value)}


def _read_field(data: Any) -> Any:
    if isinstance(data, Mapping):
        return ASSERTIONS[data["sign"]](**{name: part for name, part in data.items() if name != "sign"})
    return data


def _credential(value: Credential | None) -> Json:
    match value:
        case ClientToken(client_id, signer):
            return {"client_id": client_id, "signer": signer}
        case SubjectToken(assertion):
            return {"subject": asdict(assertion)}
        case LiteralToken(token):
            return {"literal": token}
        case None:
            return None


def _read_credential(data: Mapping[str, Any] | None) -> Credential | None:
    match data:
        case {"client_id": client_id, "signer": signer}:
            return ClientToken(client_id, signer)
        case {"subject": assertion}:
            return SubjectToken(SubjectAssertion(**assertion))
        case {"literal": token}:
            return LiteralToken(token)
        case _:
            return None
