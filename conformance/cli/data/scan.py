"""`fcsp data scan`: known sensitive values in files that are about to leave."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer

from conformance.cli.shared.inputs import read_lines
from conformance.cli.shared.options import LangOption
from conformance.cli.shared.output_guards import require_output_files
from conformance.cli.shared.progress import BytesProgress
from conformance.cli.shared.voice import Voice
from conformance.data.atomic_write import whole_or_nothing
from conformance.data.scan import (
    FileOccurrence,
    UnreadFile,
    UnsearchableError,
    ValueSearch,
    files_below,
    scan_file,
)
from conformance.model.errors import UserError
from conformance.model.text import Message

FOUND, UNREAD = 1, 3
"""Exit codes: a value was found; none was, and a file could not be read."""
ENGINES = ("hyperscan", "ahocorasick")

PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH", help="argument_scan_paths")]
ValuesOption = Annotated[Path, typer.Option("--values", metavar="FILE", help="option_values")]
MostOption = Annotated[int, typer.Option("--most", metavar="N", min=1, help="option_most_places")]
EngineOption = Annotated[str, typer.Option("--engine", metavar="NAME", help="option_scan_engine")]
ReportOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="option_scan_output")]


class ScanError(UserError):
    """Files cannot be scanned as asked; the message is one of the area `scan`."""

    def __init__(self, key: str, /, **args: object) -> None:
        super().__init__(Message(f"scan.{key}", args))


def command(
    paths: PathsArgument,
    lang: LangOption,
    values: ValuesOption,
    most: MostOption = 10,
    engine: EngineOption = "auto",
    output: ReportOption = None,
) -> None:
    voice = Voice(lang)
    if engine not in {"auto", *ENGINES}:
        raise ScanError("unknown_engine", engine=engine, known=ENGINES)
    values_by_name = _read_values(values)
    try:
        search = ValueSearch(values_by_name, engine)
    except UnsearchableError:
        raise ScanError("none_searchable", file=str(values), count=len(values_by_name)) from None
    if search.unsearchable:
        _print(voice, "unsearchable", count=len(search.unsearchable), names=search.unsearchable[:10])
    raise typer.Exit(_scan(search, _files(paths, values, output), most, output, voice))


def _read_values(file: Path) -> dict[str, str]:
    """The values by name; one without a name is called by its line. Raises ScanError without any."""
    values: dict[str, str] = {}
    for number, line in enumerate(read_lines(file), 1):
        name, tab, value = line.partition("\t")
        name, value = (name, value) if tab else (f"#{number}", line)
        if value.strip():
            values[name if name not in values else f"{name}#{number}"] = value
    if not values:
        raise ScanError("no_values", file=str(file))
    return values


def _files(paths: list[Path], values: Path, output: Path | None) -> list[Path | UnreadFile]:
    """The files to search. Raises ScanError without any, CommandError where `output` is an input."""
    missing = [str(path) for path in paths if not path.exists()]
    files = [] if missing else list(files_below(paths))
    if not files:
        raise ScanError("missing", files=missing or [str(path) for path in paths])
    require_output_files({"--output": output}, [*(file for file in files if isinstance(file, Path)), values])
    return files


def _scan(
    search: ValueSearch, files: list[Path | UnreadFile], most: int, output: Path | None, voice: Voice
) -> int:
    """Search the files and report; returns the exit code."""
    with ExitStack() as stack:
        report = None
        if output is not None:
            name = stack.enter_context(whole_or_nothing(output))
            report = stack.enter_context(
                name.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
            )
        places = unread = 0
        for outcome in _outcomes(search, files, most, voice):
            _report(outcome, report, voice)
            unread += isinstance(outcome, UnreadFile)
            places += not isinstance(outcome, UnreadFile)
        _print(voice, "total", found=places, unread=unread, most=most)
    return FOUND if places else UNREAD if unread else 0


def _outcomes(
    search: ValueSearch, files: list[Path | UnreadFile], most: int, voice: Voice
) -> Iterator[FileOccurrence | UnreadFile]:
    size = sum(file.stat().st_size for file in files if isinstance(file, Path))
    progress = BytesProgress(size, voice)

    def count(bytes_read: int) -> None:
        progress.count_bytes(bytes_read)
        progress.count_rows(0)

    for file in files:
        for outcome in [file] if isinstance(file, UnreadFile) else scan_file(search, file, most, count):
            progress.end()
            yield outcome
    progress.end()


def _report(outcome: FileOccurrence | UnreadFile, report: IO[str] | None, voice: Voice) -> None:
    entry: dict[str, str | int]
    if isinstance(outcome, UnreadFile):
        _print(voice, "unread", file=outcome.file, why=outcome.reason)
        why = outcome.reason if isinstance(outcome.reason, str) else voice.render(outcome.reason)
        entry = {"file": outcome.file, "unread": why}
    else:
        hit = outcome.occurrence
        _print(voice, "found", file=outcome.file, line=hit.line, name=hit.name, encoding=hit.encoding)
        entry = {"file": outcome.file, "line": hit.line, "offset": hit.offset, "name": hit.name}
        entry["encoding"] = hit.encoding
    if report is not None:
        report.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _print(voice: Voice, key: str, /, **args: object) -> None:
    voice.show(Message(f"scan.{key}", args))
