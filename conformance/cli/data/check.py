"""`fcsp data check`: whether files obey the standard, row by row and together."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.data_options import Engine, ItemOption, PathsArgument
from conformance.cli.shared.delivery_folder import write_delivery
from conformance.cli.shared.errors import INTERRUPTED, CommandError
from conformance.cli.shared.inputs import open_standard
from conformance.cli.shared.options import AsOfOption, DivisionOption, LangOption, StandardOption
from conformance.cli.shared.output_guards import require_output_files, require_output_folder
from conformance.cli.shared.progress import BytesProgress
from conformance.cli.shared.run_folder import new_folder
from conformance.cli.shared.voice import Voice, colored, terminal_width
from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner, Options
from conformance.data.check.split_rows import has_mixed_formats, sort_out
from conformance.data.cluster import ClusterCheck, open_session
from conformance.data.files import Delivery, ReadErrors, ReadSettings, discover
from conformance.data.report import About, delivery_document, render_terminal
from conformance.loader import load_mapping
from conformance.runner import suite_version

ENCODINGS = ("utf-8", "gb18030")
_WIDTH = 100

MappingOption = Annotated[str | None, typer.Option("--mapping", metavar="NAME|FILE", help="option_mapping")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="option_encoding")]
DelimiterOption = Annotated[str | None, typer.Option("--delimiter", metavar="CHAR", help="option_delimiter")]
SheetOption = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="option_sheet")]
SamplesOption = Annotated[int, typer.Option("--show", min=0, max=1000, help="option_show")]
RejectsOption = Annotated[Path | None, typer.Option("--rejects", metavar="FILE", help="option_rejects")]
AcceptsOption = Annotated[Path | None, typer.Option("--accepts", metavar="FILE", help="option_accepts")]
EngineOption = Annotated[Engine, typer.Option("--engine", help="option_engine")]
MasterOption = Annotated[str | None, typer.Option("--master", metavar="URL", help="option_master")]
ChecksOption = Annotated[Path, typer.Option("--output", metavar="DIR", help="option_checks")]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """One check of a delivery."""

    examiner: Examiner
    delivery: Delivery
    samples: int
    """Rows of each rule in the result document."""
    engine: Engine
    """`LOCAL` or `SPARK`."""
    master: str | None
    standard: str | None
    """Folder of the standard as executors reach it; None for the installed one."""
    accepts: Path | None
    rejects: Path | None

    @property
    def splits(self) -> bool:
        """True if good or bad rows are written to files of their own."""
        return self.accepts is not None or self.rejects is not None


def command(
    paths: PathsArgument,
    lang: LangOption,
    item: ItemOption = None,
    mapping: MappingOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    sheet: SheetOption = None,
    engine: EngineOption = Engine.AUTO,
    master: MasterOption = None,
    division: DivisionOption = "",
    as_of: AsOfOption = None,
    show: SamplesOption = 5,
    rejects: RejectsOption = None,
    accepts: AcceptsOption = None,
    output: ChecksOption = Path("checks"),
    folder: StandardOption = None,
) -> None:
    standard = open_standard(folder, as_of, division)
    delivery = discover(paths, output)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    if item and not standard.checklist.has(item):
        raise CommandError("unknown_item", code=item, known=tuple(i.code for i in standard.checklist.items))
    columns = load_mapping(mapping, standard.checklist, folder) if mapping else None
    inputs = (*(file.path for file in delivery.files), *([Path(mapping)] if mapping else ()))
    require_output_files({"--accepts": accepts, "--rejects": rejects}, inputs)
    require_output_folder("--output", output, (), ())
    settings = ReadSettings(
        encoding=_encoding(encoding), delimiter=_delimiter(delimiter), sheet=sheet, mapping=columns
    )
    where = Engine.SPARK if engine is Engine.SPARK or (master and engine is Engine.AUTO) else Engine.LOCAL
    shared = str(folder.absolute()) if folder else None
    examiner = Examiner(standard, Options(item, settings))
    request = CheckRequest(examiner, delivery, show, where, master, shared, accepts, rejects)
    with ENGINES[where](request) as check:
        if accepts and has_mixed_formats(check):
            raise CommandError("accepts_mixed")
        voice = Voice(lang)
        interrupted = _run(check, request, voice)
    _report(check, where, output, voice, interrupted=interrupted)


def _encoding(name: str | None) -> str | None:
    if name is None or name.lower() in ENCODINGS:
        return name and name.lower()
    raise CommandError("unknown_encoding", name=name, known=ENCODINGS)


def _delimiter(text: str | None) -> str | None:
    if text is None or (len(text) == 1 and text.isascii() and text not in '"\r\n'):
        return text
    raise CommandError("bad_delimiter", value=text)


@contextmanager
def _local_check(request: CheckRequest) -> Iterator[DeliveryCheck]:
    """A check on this machine."""
    started = datetime.now().astimezone()
    yield DeliveryCheck(request.examiner, request.delivery, samples=request.samples, started=started)


@contextmanager
def _cluster_check(request: CheckRequest) -> Iterator[DeliveryCheck]:
    """A check on a cluster, which is left at the end. Raises SparkError."""
    started = datetime.now().astimezone()
    with open_session(request.master) as session:
        yield ClusterCheck(
            session,
            request.examiner,
            request.delivery,
            samples=request.samples,
            started=started,
            standard=request.standard,
        )


ENGINES = {Engine.LOCAL: _local_check, Engine.SPARK: _cluster_check}


def _run(check: DeliveryCheck, request: CheckRequest, voice: Voice) -> bool:
    """Read the delivery, once more where rows are split; returns True if somebody interrupted it."""
    progress = BytesProgress(check.octets + check.result.delivery.size * request.splits, voice)
    try:
        _count(check.run(progress.count_bytes), progress)
        if request.splits:
            _count(sort_out(check, request.accepts, request.rejects, progress.count_bytes), progress)
    except KeyboardInterrupt:
        if request.splits:
            voice.note("check_unsorted")
        return True
    finally:
        progress.end()
    return False


def _count(batches: Iterable[int], progress: BytesProgress) -> None:
    for rows in batches:
        progress.count_rows(rows)


def _report(check: DeliveryCheck, engine: Engine, output: Path, voice: Voice, *, interrupted: bool) -> None:
    """Write the reports and print the result. Raises typer.Exit with the exit code of the document."""
    about = About(
        suite_version(), "spark" if engine is Engine.SPARK else "local", datetime.now().astimezone()
    )
    document = delivery_document(check.result, check.examiner, about)
    folder = new_folder(output / f"{check.result.started:%Y%m%dT%H%M%S}")
    files = write_delivery(folder, document, voice.lang)
    voice.line(render_terminal(document, voice.lang, color=colored(), width=terminal_width(_WIDTH)))
    voice.say("written", folder=str(folder))
    for name in files:
        voice.line(f"  {name}")
    if interrupted:
        voice.note("check_unfinished")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(int(document.exit_code))
