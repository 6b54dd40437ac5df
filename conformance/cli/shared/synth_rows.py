"""`fcsp data synth --item`: rows of one item in files, with the list of the faulty ones."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from conformance.cli.shared.inputs import judgement_day
from conformance.cli.shared.output_guards import require_output_files
from conformance.cli.shared.synth_request import RowsRequest, SynthError
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard
from conformance.model.text import Message

try:
    from conformance.data.synth import Delivered, OutputFormat, RowLayout, SynthRequest, deliver
except ModuleNotFoundError as error:
    raise SynthError("needs_data", module=error.name or str(error)) from error


def make_rows(request: RowsRequest, item: str, rows: int, voice: Voice) -> None:
    """Write the files. Raises SynthRequestError, SynthError, CommandError where outputs cannot be written."""
    standard = load_standard(request.standard)
    day = judgement_day(request.as_of, standard)
    synthesis = _synth_request(request, item, rows, day)
    old = _existing_files(synthesis)
    if old and not request.force:
        raise SynthError("exists", files=[str(path) for path in old[:3]])
    require_output_files(
        {"--output": synthesis.output if synthesis.files == 1 else None, "--truth": synthesis.truth}, ()
    )
    delivered = deliver(standard.on(day, ""), synthesis, progress=_row_counter())
    for path in {*old} - {*delivered.files} - {synthesis.truth}:
        path.unlink()
    for message in _summary(synthesis, delivered):
        voice.show(message)


def _synth_request(request: RowsRequest, item: str, rows: int, day: date) -> SynthRequest:
    form = OutputFormat(_choice("--format", request.form or _format_of(request.output), list(OutputFormat)))
    files = 1 if request.files is None else request.files
    return SynthRequest(
        item,
        rows,
        day,
        request.output or Path(item if files > 1 else f"{item}.{form}"),
        request.seed,
        request.faults or 0.0,
        _words(request.kinds),
        form,
        RowLayout(_choice("--layout", request.layout or "row", list(RowLayout))),
        files,
        request.truth,
        frozenset(_words(request.columns)),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _format_of(output: Path | None) -> str:
    """The format that the suffix of a file stands for; NDJSON for any other."""
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    return suffix if suffix in list(OutputFormat) else OutputFormat.NDJSON


def _choice(option: str, value: str, choices: list[str]) -> str:
    if value not in choices:
        raise SynthError("choice", option=option, value=value, known=[str(choice) for choice in choices])
    return value


def _existing_files(synthesis: SynthRequest) -> list[Path]:
    """Files of this request that exist already; in a folder also those of a larger request."""
    numbered = f"{synthesis.item}-*.{synthesis.form}"
    candidates = sorted(synthesis.output.glob(numbered)) if synthesis.files > 1 else [synthesis.output]
    return [path for path in (*candidates, *([synthesis.truth] if synthesis.truth else [])) if path.exists()]


def _summary(synthesis: SynthRequest, delivered: Delivered) -> Iterator[Message]:
    faulty, form = sum(delivered.faults.values()), str(synthesis.form)
    yield Message("synth.written", {"rows": delivered.rows, "wrong": faulty, "files": str(synthesis.output)})
    for kind, count in delivered.faults.items():
        yield Message("synth.counted", {"kind": kind, "count": count})
    if synthesis.truth:
        yield Message("synth.truth", {"file": str(synthesis.truth)})
    if delivered.left_out:
        yield Message("synth.left_out", {"kinds": delivered.left_out, "form": form})
    if delivered.columns_left_out:
        yield Message("synth.columns_left_out", {"columns": delivered.columns_left_out, "form": form})


def _row_counter() -> Callable[[int], None] | None:
    """Shows the number of rows on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(rows: int) -> None:
        sys.stderr.write(f"\r{rows:,} ")
        sys.stderr.flush()

    return show
