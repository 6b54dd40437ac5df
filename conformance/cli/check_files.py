"""`fcsp data check`: do files obey the standard, row by row and together."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conformance.cli.options import AsOf, LangOption, Output, StandardOption

if TYPE_CHECKING:
    from conformance.bulk.check.delivery import Check
    from conformance.cli.speak import Voice

INTERRUPTED = 130
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="文件、目录或通配符 · Files, folders, globs.")
]
ItemOption = Annotated[
    str | None, typer.Option("--item", metavar="CODE", help="信息项（默认取自文件名或列）· The item.")
]
Division = Annotated[
    str, typer.Option("--division", metavar="CODE", help="行政区划（地方补充清单）· Division.")
]
Samples = Annotated[
    int, typer.Option("--show", min=0, max=1000, help="每条规则列出的行数 · Rows shown of each rule.")
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="写出不合格的行及原因 · Write bad rows.")
]
Accepts = Annotated[
    Path | None, typer.Option("--accepts", metavar="FILE", help="原样写出合格的行 · Write good rows as is.")
]


def check(
    paths: Paths,
    lang: LangOption,
    item: ItemOption = None,
    division: Division = "",
    as_of: AsOf = None,
    show: Samples = 5,
    rejects: Rejects = None,
    accepts: Accepts = None,
    output: Output = Path("checks"),
    standard: StandardOption = None,
) -> None:
    from datetime import datetime

    from conformance.bulk.check.delivery import Check
    from conformance.bulk.check.examiner import Examiner, Options
    from conformance.bulk.check.sorting import mixed, sort_out
    from conformance.bulk.files import ReadErrors, discover
    from conformance.cli.failure import Failure
    from conformance.cli.opening import day
    from conformance.cli.speak import Voice
    from conformance.loader import load_standard

    voice = Voice(lang)
    loaded = load_standard(standard).on(day(as_of), division)
    delivery = discover(paths)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    if item and not loaded.checklist.has(item):
        raise Failure("unknown_item", code=item, known=tuple(i.code for i in loaded.checklist.items))
    if accepts and mixed(delivery.files):
        raise Failure("accepts_mixed")
    begun = datetime.now().astimezone()
    made = Check(Examiner(loaded, Options(item)), delivery, samples=show, started=begun)
    passes = 2 if accepts or rejects else 1
    interrupted = _watched(made, voice, passes, accepts, rejects, sort_out)
    _tell(made, voice, output, interrupted=interrupted)


def _watched(
    made: "Check", voice: "Voice", passes: int, accepts: Path | None, rejects: Path | None, sort_out: Any
) -> bool:
    """Goes through the delivery, once more where rows are written apart; whether somebody stopped it."""
    from conformance.cli.progress import BytesProgress

    progress = BytesProgress(made.result.delivery.size * passes, voice)
    try:
        _drain(made.run(progress.read), progress)
        if passes > 1:
            _drain(sort_out(made, accepts, rejects, progress.read), progress)
    except KeyboardInterrupt:
        return True
    finally:
        progress.end()
    return False


def _drain(rows: Iterable[int], progress: Any) -> None:
    for count in rows:
        progress.see(count)


def _tell(made: "Check", voice: "Voice", output: Path, *, interrupted: bool) -> None:
    """Writes the reports and says the result; the exit code is that of the document."""
    import shutil
    from datetime import datetime

    from conformance.cli.folder import write_delivery
    from conformance.reports.delivery import About, delivery_document, render_terminal
    from conformance.runner import suite_version

    about = About(suite_version(), "local", datetime.now().astimezone())
    document = delivery_document(made.result, made.examiner, about)
    folder = output / f"{made.result.started:%Y%m%dT%H%M%S}"
    written = write_delivery(folder, document, voice.lang)
    width = shutil.get_terminal_size((100, 24)).columns
    voice.line(render_terminal(document, voice.lang, color=sys.stdout.isatty(), width=width))
    voice.say("written", folder=str(folder))
    for name in written:
        voice.line(f"  {name}")
    if interrupted:
        voice.note("check_unfinished")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(document["exit_code"])
