"""Split of a checked delivery into accepted rows (byte for byte) and rejected rows with reasons."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from numpy.typing import NDArray

from conformance.data.atomic_write import whole_or_nothing
from conformance.data.batch import Batch
from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import RECORDS, Examiner
from conformance.data.check.rule_catalogue import rule
from conformance.data.check.tally import FileTally
from conformance.data.files import File, FileFormat, ReadErrors, head, whole
from conformance.data.files.settings import Progress
from conformance.data.rows import UNIQUE, Reason, Row
from conformance.messages import Messages, load_messages
from conformance.model.text import Lang


def has_mixed_formats(check: DeliveryCheck) -> bool:
    """True if accepted rows cannot share one file because formats, columns or encodings differ."""
    files = check.result.delivery.files
    heads = [_head(check, file) for file in files]
    encodings = {encoding for _, encoding in heads} - {None}
    return len(encodings) > 1 or len({(f.format, h) for f, (h, _) in zip(files, heads, strict=True)}) > 1


def _head(check: DeliveryCheck, file: File) -> tuple[bytes, str | None]:
    """Header bytes of a delimited file, and its encoding. Raises ReadErrors."""
    if file.format is not FileFormat.CSV:
        return b"", None
    return head(file, check.examiner.layout(file), check.examiner.options.settings)


def sort_out(
    check: DeliveryCheck, accepts: Path | None, rejects: Path | None, progress: Progress
) -> Generator[int, None, None]:
    """Read the delivery again and write accepted and rejected rows; yield the rows of each batch."""
    with ExitStack() as stack:
        good, bad = (stack.enter_context(_open_atomically(p)) if p else None for p in (accepts, rejects))
        writer = _Writer(check, good, bad)
        for file in check.result.delivery.files:
            if file.number in check.result.kinds:
                with suppress(ReadErrors):  # already reported; all rows before it are written
                    yield from writer.file(file, progress)


@contextmanager
def _open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that appears under its name only when complete."""
    with whole_or_nothing(path) as temporary, temporary.open("wb") as file:
        yield file


class _Writer:
    def __init__(self, check: DeliveryCheck, good: BinaryIO | None, bad: BinaryIO | None) -> None:
        self.check, self.good, self.bad = check, good, bad
        self.messages = load_messages()
        self.headed = False
        self.ended = True
        """True if the last byte written is a line end; the last row of a file may lack one."""

    def file(self, file: File, progress: Progress) -> Iterator[int]:
        tallies = [t.files[file.number] for t in self.check.result.tallies.values() if file.number in t.files]
        for batch in self.check.examiner.batches(whole(file), progress=progress):
            lines = batch.lines()
            wrong = _marked_lines(tallies, lines, "marks")
            if self.good is not None:
                self._accept(file, batch, np.flatnonzero(~wrong))
            if self.bad is not None:
                repeated = _marked_lines(tallies, lines, "repeated")
                for row in np.flatnonzero(wrong):
                    self.bad.write(self._reject(file, batch, int(row), repeated=bool(repeated[row])))
            yield len(batch)

    def _accept(self, file: File, batch: Batch, rows: NDArray[np.int64]) -> None:
        assert self.good is not None  # noqa: S101  # checked by the caller
        if file.format is FileFormat.CSV and not self.headed:
            self.good.write(_head(self.check, file)[0])
        self.headed = True
        if accepted := b"".join(batch.raw(int(row)) for row in rows):
            self.good.write(accepted if self.ended else b"\n" + accepted)
            self.ended = accepted.endswith(b"\n")

    def _reject(self, file: File, batch: Batch, row: int, *, repeated: bool) -> bytes:
        value, raw = batch.value(row), batch.raw(row)
        reasons = (*_reasons(self.check.examiner, file, value), *((UNIQUE,) if repeated else ()))
        line = {
            "file": _printable_name(file),
            "line": batch.line(row),
            "reasons": [
                _rejection_reason(self.check, file, value, reason, self.messages) for reason in reasons
            ],
            **_row_member(raw),
        }
        return orjson.dumps(line) + b"\n"


def _marked_lines(tallies: list[FileTally], lines: NDArray[np.int64], which: str) -> NDArray[np.bool_]:
    found = np.zeros(len(lines), np.bool_)
    for tally in tallies:
        found |= getattr(tally, which).has(lines)
    return found


def _reasons(examiner: Examiner, file: File, value: Row) -> tuple[Reason, ...]:
    kind = examiner.kind(file)
    return examiner.records.reasons(value) if kind == RECORDS else examiner.judge(kind).reasons(value)


def _rejection_reason(
    check: DeliveryCheck, file: File, value: Row, reason: Reason, messages: Messages
) -> dict[str, Any]:
    kind = check.examiner.kind(file)
    code = check.examiner.records.item_of(value) if kind == RECORDS else kind
    broken_rule = rule(check.tally(code).item, reason.rule, reason.member)
    texts = {lang.value: messages.render(broken_rule.says, lang) for lang in Lang}
    return {"rule": reason.rule, "member": reason.member or None, **texts}


def _printable_name(file: File) -> str:
    """Path of a file with undecodable bytes escaped."""
    return file.display_path.encode("utf-8", "backslashreplace").decode()


def _row_member(raw: bytes) -> dict[str, Any]:
    """A member with the bytes of a row: text if valid UTF-8, else Base64 (RFC 4648)."""
    import base64

    try:
        return {"row": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"row_base64": base64.b64encode(raw).decode()}
