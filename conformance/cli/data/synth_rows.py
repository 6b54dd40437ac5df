"""`fcsp data synth --item`: rows of one item, in files, with the list of those that are wrong."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.shared.errors import Failure
from conformance.model.text import Lang, Message

if TYPE_CHECKING:
    from conformance.data.synth import Delivered, SynthRequest


def make_rows(
    lang: Lang,
    given: Mapping[str, Any],
    output: Path | None,
    seed: int,
    standard: Path | None,
    *,
    force: bool,
) -> None:
    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard

    _sure_of_libraries()
    from conformance.data.synth import SynthRequestError, deliver

    today = day(given["--as-of"])
    loaded = load_standard(standard).on(today, "")
    try:
        order = _order(given, output, seed, today)
        old = _old(order)
        if old and not force:
            raise _failure("exists", files=[str(path) for path in old[:3]])
        _sure_of_outputs(order)
        made = deliver(loaded, order, progress=_shown if sys.stderr.isatty() else None)
    except SynthRequestError as error:
        raise Failure.of(error.message) from error
    for path in {*old} - {*made.files} - {order.truth}:
        path.unlink()
    voice = Voice(lang)
    for message in _said(order, made):
        voice.line(voice.render(message))


def _sure_of_libraries() -> None:
    try:
        import numpy as np
        import polars as pl
        import pyarrow as pa
    except ImportError as error:
        raise _failure("needs_data", module=error.name or str(error)) from error
    del np, pl, pa


def _order(given: Mapping[str, Any], output: Path | None, seed: int, today: Any) -> "SynthRequest":
    from conformance.data.synth import OutputFormat, RowLayout, SynthRequest

    form = OutputFormat(_one_of("--format", given["--format"] or _format_of(output), list(OutputFormat)))
    files = 1 if given["--files"] is None else given["--files"]
    item = given["--item"]
    return SynthRequest(
        item,
        given["--rows"],
        today,
        output or Path(item if files > 1 else f"{item}.{form}"),
        seed,
        given["--faults"] or 0.0,
        _words(given["--kinds"]),
        form,
        RowLayout(_one_of("--layout", given["--layout"] or "row", list(RowLayout))),
        files,
        given["--truth"],
        frozenset(_words(given["--columns"])),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _format_of(output: Path | None) -> str:
    """The format that the name of a file tells."""
    from conformance.data.synth import OutputFormat

    told = output.suffix.removeprefix(".").lower() if output else ""
    return told if told in list(OutputFormat) else OutputFormat.NDJSON


def _one_of(option: str, value: str, known: list[str]) -> str:
    if value not in known:
        raise _failure("choice", option=option, value=value, known=[str(one) for one in known])
    return value


def _old(order: "SynthRequest") -> list[Path]:
    """What is there already of the files of this order; of a folder also files of a larger order."""
    numbered = f"{order.item}-*.{order.form}"
    there = sorted(order.output.glob(numbered)) if order.files > 1 else [order.output]
    return [path for path in (*there, *([order.truth] if order.truth else [])) if path.exists()]


def _sure_of_outputs(order: "SynthRequest") -> None:
    from conformance.cli.shared.output_guards import sure_of_files

    sure_of_files({"--output": order.output if order.files == 1 else None, "--truth": order.truth}, ())


def _said(order: "SynthRequest", made: "Delivered") -> Iterator[Message]:
    wrong = sum(made.faults.values())
    yield Message("synth.written", {"rows": made.rows, "wrong": wrong, "files": str(order.output)})
    for kind, count in made.faults.items():
        yield Message("synth.counted", {"kind": kind, "count": count})
    if order.truth:
        yield Message("synth.truth", {"file": str(order.truth)})
    if made.left_out:
        yield Message("synth.left_out", {"kinds": made.left_out, "form": str(order.form)})
    if made.columns_left_out:
        yield Message("synth.columns_left_out", {"columns": made.columns_left_out, "form": str(order.form)})


def _shown(rows: int) -> None:
    sys.stderr.write(f"\r{rows:,} ")
    sys.stderr.flush()


def _failure(key: str, /, **args: Any) -> Failure:
    return Failure.of(Message(f"synth.{key}", args))
