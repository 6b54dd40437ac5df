"""The transcript of a run: one header line, then one line for each case with every exchange, redacted."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Self

import orjson

from conformance.evidence import codec
from conformance.evidence.canonical import stepwise
from conformance.evidence.redaction import Redactor
from conformance.model.errors import UserError
from conformance.model.judgement import Result
from conformance.model.target import Client, DataSet, Target
from conformance.model.text import Message

NAME = "transcript.jsonl"
FORMAT = "fcsp-transcript/1"


class TranscriptError(UserError):
    """A file that is not a transcript this suite can read."""

    def __init__(self, error: str) -> None:
        super().__init__(Message("cli.no_transcript", {"error": error}), summary=error)


@dataclass(frozen=True, slots=True)
class Header:
    """Conditions of a run, sufficient to judge its exchanges again and to repeat its cases."""

    suite_version: str
    standard_version: str
    standard_digest: str
    target: Target
    platform: Mapping[str, Any]
    """The platform's descriptor, abridged."""
    seed: int
    nonce: str
    as_of: date
    today: date
    complete: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded case: its redacted result, and the digest of each canonical request."""

    result: Result
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as read."""

    header: Header
    cases: Mapping[str, Recorded]


class TranscriptWriter:
    """Writes each result as it comes, so that a killed run leaves what it had; sorted by case when closed."""

    def __init__(self, folder: Path, header: Header, redactor: Redactor) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._redactor = redactor
        self._lock = Lock()
        self._lines: dict[str, bytes] = {}
        self._header = _line({"format": FORMAT, **_header(header)})
        self._file = self.path.open("wb")
        self._file.write(self._header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, result: Result) -> Result:
        """Write one result; returns it redacted."""
        data = self._redactor.encoded(result)
        redacted = codec.read_result(data)
        digests = (digest for _, digest in stepwise(result.exchanges))
        for step, digest in zip(data["exchanges"], digests, strict=True):
            step["request_digest"] = digest
        line = _line(data)
        with self._lock:
            self._lines[result.case.id] = line
            self._file.write(line)
            self._file.flush()
        return redacted

    def close(self) -> None:
        if self._file.closed:
            return
        self._file.close()
        ordered = self.path.with_suffix(".tmp")
        ordered.write_bytes(self._header + b"".join(self._lines[case] for case in sorted(self._lines)))
        ordered.replace(self.path)


def read(folder: Path) -> Transcript:
    """The transcript of a run folder; raises TranscriptError."""
    path = folder / NAME
    try:
        first, *lines = path.read_bytes().splitlines()
        header, cases = orjson.loads(first), [orjson.loads(line) for line in lines]
        if header.pop("format") != FORMAT:
            raise TranscriptError(f"{path}: not in the form {FORMAT}")
        return Transcript(_read_header(header), _cases(cases))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TranscriptError(f"{path}: {error}") from error


def _cases(cases: Iterable[Mapping[str, Any]]) -> dict[str, Recorded]:
    return {
        data["case"]["id"]: Recorded(
            codec.read_result(data), tuple(step["request_digest"] for step in data["exchanges"])
        )
        for data in cases
    }


def _line(data: Mapping[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _header(header: Header) -> dict[str, Any]:
    paths = {"key_store": None, "ca_file": None}
    target = {**asdict(replace(header.target, data_set=None)), **paths, "data_set": _data_set(header.target)}
    days = {"as_of": header.as_of.isoformat(), "today": header.today.isoformat()}
    return {**{name: getattr(header, name) for name in Header.__slots__}, "target": target, **days}


def _data_set(target: Target) -> dict[str, Any] | None:
    """Parameters from which the records of the data set can be generated again."""
    data_set = target.data_set
    return (
        None
        if data_set is None
        else {
            "id": data_set.id,
            "seed": data_set.seed,
            "day": data_set.day.isoformat(),
            "provider_uscc": data_set.provider_uscc,
        }
    )


def _read_header(data: Mapping[str, Any]) -> Header:
    days = {name: date.fromisoformat(data[name]) for name in ("as_of", "today")}
    return Header(**{**data, **days, "target": _read_target(data["target"])})


def _read_target(data: Mapping[str, Any]) -> Target:
    """The recorded target, without what is bound to the machine: paths."""
    fields = {name: value for name, value in data.items() if name not in {"key_store", "ca_file"}}
    if fields.get("data_set"):
        data_set = fields["data_set"]
        fields["data_set"] = DataSet(**{**data_set, "day": date.fromisoformat(data_set["day"])})
    fields["clients"] = {role: Client(**client) for role, client in fields["clients"].items()}
    fields |= {name: tuple(fields[name]) for name in ("capabilities", "institution_keys")}
    return Target(**fields)
