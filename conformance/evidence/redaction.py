"""Redaction of planted values, secrets and personal data in everything that leaves the memory of a run."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from conformance.evidence import codec, personal
from conformance.evidence.planted import Finder, Vault
from conformance.model.json_form import read_octets, write_octets
from conformance.model.judgement import Result

SECRET_MEMBERS = frozenset(
    {
        "access_token",
        "refresh_token",
        "id_token",
        "client_assertion",
        "assertion",
        "client_secret",
        "password",
    }
    | {"d", "literal"}  # the private part of a JWK, and a literal token of ours
)
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})


LONGEST_RAW = 16 * 1024
"""Bytes of a raw body of ours that evidence keeps; what it held beyond is the check's to make again."""


class Redactor:
    """Redacts with the knowledge of a vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def result(self, result: Result) -> Result:
        """The result as it may be shown and written."""
        return codec.read_result(self.encoded(result))

    def encoded(self, result: Result) -> dict[str, Any]:
        """The result as JSON, redacted."""
        case_redactor = _CaseRedactor(self._vault, result.case.id)
        data = codec.write_result(result)
        data["findings"] = case_redactor.json(data["findings"])
        data["exchanges"] = [case_redactor.exchange(step) for step in data["exchanges"]]
        data["marks"] = case_redactor.json(data["marks"])
        data["received"] = [case_redactor.incoming(incoming) for incoming in data["received"]]
        return data

    def text(self, text: str, case: str = "") -> str:
        return _CaseRedactor(self._vault, case).text(text)

    def json(self, value: Any, case: str = "") -> Any:
        return _CaseRedactor(self._vault, case).json(value)


class _CaseRedactor:
    """The evidence of one case, for which the vault is asked once."""

    def __init__(self, vault: Vault, case: str) -> None:
        self._vault = vault
        self._finder: Finder = vault.finder(case)
        self._seen: dict[str, str] = {}
        """Names and codes come again and again."""

    def text(self, text: str) -> str:
        if text not in self._seen:
            self._seen[text] = self._redacted(text)
        return self._seen[text]

    def _redacted(self, text: str) -> str:
        text = text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
        if "eyJ" in text:
            text = personal.JWT.sub(lambda m: self._vault.secret("jwt", m[0]), text)
        return personal.replace(self._finder.replace(text), self._vault.commitment)

    def json(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case None | bool() | float():
                return value
            case int():
                return self._number(value)
            case Mapping():
                return {self.text(str(name)): self._member(str(name), part) for name, part in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.json(part) for part in value]
            case _:
                return self.text(str(value))

    def _number(self, value: int) -> int | str:
        """A number that spells an identifier is hidden, too; short ones identify nobody."""
        text = str(value)
        redacted = self.text(text) if len(text) >= 6 else text
        return value if redacted == text else redacted

    def exchange(self, data: Mapping[str, Any]) -> dict[str, Any]:
        reply, request = data["reply"], data["request"]
        return {
            **data,
            "url": self.url(data["url"]),
            "request": {**self.json({**request, "body": None}), "body": self._request_body(request["body"])},
            "reply": {
                **reply,
                "headers": [[name, self._header(name, value)] for name, value in reply["headers"]],
                "body": self._content(reply["body"]),
            },
        }

    def incoming(self, data: Mapping[str, Any]) -> dict[str, Any]:
        answer = data["answer"]
        return {
            **data,
            "url": self.url(data["url"]),
            "headers": [[name, self._header(name, value)] for name, value in data["headers"]],
            "body": self._content(data["body"]),
            "answer": {**self.json({**answer, "body": None}), "body": self._content(answer["body"])},
        }

    def _content(self, data: Mapping[str, str]) -> dict[str, str]:
        return write_octets(self.body(read_octets(data)))

    def url(self, url: str) -> str:
        plain = unquote(url)
        redacted = self.text(plain)
        return url if redacted == plain else quote(redacted, safe="/?&=:{}#,[]")

    def body(self, body: bytes) -> bytes:
        """A body; JSON is redacted in its parsed strings, so that no escape sequence hides a value."""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return self._binary(body)
        redacted = self._document(text)
        if redacted is None:
            redacted = "\n".join(self._line(line) for line in text.split("\n"))
        return redacted.encode()

    def _line(self, line: str) -> str:
        document = self._document(line)
        return self.text(line) if document is None else document

    def _document(self, text: str) -> str | None:
        """Redacted JSON; the very text if there is nothing to hide; None if it is no JSON."""
        repeated: list[str] = []

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            document = dict(pairs)
            repeated.extend(document if len(document) < len(pairs) else ())
            return document

        try:
            document = json.loads(text, object_pairs_hook=members)
            redacted = self.json(document)
        except (ValueError, RecursionError):
            return None
        if redacted == document and not repeated:
            return text
        return json.dumps(redacted, ensure_ascii=False, separators=(",", ":"))

    def _binary(self, body: bytes) -> bytes:
        for value, label in self._finder.labels.items():
            for encoding in ("utf-8", "gb18030", "utf-16-le"):
                body = body.replace(value.encode(encoding, "replace"), label.encode())
        return personal.replace(body.decode("latin-1"), self._vault.commitment).encode("latin-1")

    def _request_body(self, body: Any) -> Any:
        match body:
            case {"raw": raw, "media_type": media_type}:
                redacted = self.body(shortened(read_octets(raw)))
                return {"raw": write_octets(redacted), "media_type": self.text(media_type)}
            case _:
                return self.json(body)

    def _member(self, name: str, value: Any) -> Any:
        if name.lower() in SECRET_MEMBERS and isinstance(value, str) and value:
            return self._secret(name.lower(), value)
        if name.lower() in SECRET_HEADERS and isinstance(value, str):
            return self._secret(name.lower(), value)
        return self.json(value)

    def _header(self, name: str, value: str) -> str:
        return self._secret(name, value) if name in SECRET_HEADERS else self.url(self.text(value))

    def _secret(self, name: str, value: str) -> str:
        """A secret of unknown origin; what is redacted already stays as it is."""
        return value if value.startswith("{secret:") else self._vault.secret(name, value)


def shortened(body: bytes) -> bytes:
    """A raw body with its middle left out, saying so."""
    if len(body) <= LONGEST_RAW:
        return body
    left_out = f"... {len(body) - LONGEST_RAW} bytes left out ...".encode()
    return body[: LONGEST_RAW // 2] + left_out + body[-LONGEST_RAW // 2 :]
