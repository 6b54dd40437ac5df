"""`fcsp data scan`: are values that must not leave in files that are about to."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from conformance.cli.shared.errors import Failure
from conformance.cli.shared.options import LangOption
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.cli.shared.voice import Voice
    from conformance.data.scan import Place, Search, Unread

FOUND, UNREAD = 1, 3
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="文件或目录 · Files and folders.")]
Values = Annotated[
    Path,
    typer.Option(
        "--values",
        metavar="FILE",
        help="敏感值，每行“值”或“名称<TAB>值” · A value, or name<TAB>value, a line.",
    ),
]
Most = Annotated[
    int, typer.Option("--most", min=1, help="每个文件中每个值最多报告的处数 · Places of a value in a file.")
]
Engine = Annotated[str, typer.Option("--engine", metavar="NAME", help="auto, hyperscan, ahocorasick")]
Report = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="结果写为 NDJSON · Write what was found as NDJSON."),
]


def scan(
    paths: Paths,
    lang: LangOption,
    values: Values,
    most: Most = 10,
    engine: Engine = "auto",
    output: Report = None,
) -> None:
    from conformance.cli.shared.voice import Voice
    from conformance.data.scan import Search, UnsearchableError

    voice = Voice(lang)
    if engine not in {"auto", *ENGINES}:
        raise _failure("unknown_engine", engine=engine, known=ENGINES)
    named = _named(values)
    try:
        search = Search(named, engine)
    except UnsearchableError:
        raise _failure("none_searchable", file=str(values), count=len(named)) from None
    if search.unsearchable:
        _say(voice, "unsearchable", count=len(search.unsearchable), names=search.unsearchable[:10])
    raise typer.Exit(_scan(search, _files(paths, values, output), most, output, voice))


ENGINES = ("hyperscan", "ahocorasick")


def _failure(key: str, /, **args: Any) -> Failure:
    found = Failure(key)
    found.message = Message(f"scan.{key}", args)
    return found


def _named(file: Path) -> dict[str, str]:
    """The values by name; one without a name is called by its line."""
    from conformance.cli.shared.lists import lines_of

    found: dict[str, str] = {}
    for number, line in enumerate(lines_of(file), 1):
        name, tab, value = line.partition("\t")
        name, value = (name, value) if tab else (f"#{number}", line)
        if value.strip():
            found[name if name not in found else f"{name}#{number}"] = value
    if not found:
        raise _failure("no_values", file=str(file))
    return found


def _files(paths: list[Path], values: Path, output: Path | None) -> "list[Path | Unread]":
    """What is searched: something is, and neither it nor the list of values is what is written."""
    from conformance.cli.shared.output_guards import sure_of_files
    from conformance.data.scan import files_below

    missing = [str(path) for path in paths if not path.exists()]
    found = [] if missing else list(files_below(paths))
    if not found:
        raise _failure("missing", files=missing or [str(path) for path in paths])
    sure_of_files({"--output": output}, [*(each for each in found if isinstance(each, Path)), values])
    return found


def _scan(
    search: "Search", files: "list[Path | Unread]", most: int, output: Path | None, voice: "Voice"
) -> int:
    from conformance.data.atomic_write import whole_or_nothing
    from conformance.data.scan import Unread

    with ExitStack() as stack:
        report = None
        if output is not None:
            name = stack.enter_context(whole_or_nothing(output))
            report = stack.enter_context(
                name.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
            )
        found = unread = 0
        for each in _everything(search, files, most, voice):
            _tell(each, report, voice)
            unread += isinstance(each, Unread)
            found += not isinstance(each, Unread)
        _say(voice, "total", found=found, unread=unread, most=most)
    return FOUND if found else UNREAD if unread else 0


def _everything(
    search: "Search", files: "list[Path | Unread]", most: int, voice: "Voice"
) -> "Iterator[Place | Unread]":
    from conformance.cli.shared.progress import BytesProgress
    from conformance.data.scan import Unread, scan_file

    size = sum(file.stat().st_size for file in files if isinstance(file, Path))
    progress = BytesProgress(size, voice)

    def read(count: int) -> None:
        progress.read(count)
        progress.see(0)

    for file in files:
        for each in [file] if isinstance(file, Unread) else scan_file(search, file, most, read):
            progress.end()
            yield each
    progress.end()


def _tell(each: "Place | Unread", report: IO[str] | None, voice: "Voice") -> None:
    import json

    from conformance.data.scan import Unread

    if isinstance(each, Unread):
        _say(voice, "unread", file=each.file, why=each.reason)
        why = each.reason if isinstance(each.reason, str) else voice.render(each.reason)
        entry: dict[str, Any] = {"file": each.file, "unread": why}
    else:
        found = each.found
        _say(voice, "found", file=each.file, line=found.line, name=found.name, encoding=found.encoding)
        entry = {"file": each.file, "line": found.line, "offset": found.offset, "name": found.name}
        entry["encoding"] = found.encoding
    if report is not None:
        report.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _say(voice: "Voice", key: str, /, **args: Any) -> None:
    voice.line(voice.render(Message(f"scan.{key}", args)))
