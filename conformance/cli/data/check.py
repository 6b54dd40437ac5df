"""`fcsp data check`: do files obey the standard, row by row and together."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from conformance.cli.shared.options import AsOf, LangOption, Output, StandardOption

if TYPE_CHECKING:
    from conformance.cli.shared.voice import Voice
    from conformance.data.check.delivery import DeliveryCheck

ENCODINGS = ("utf-8", "gb18030")
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="文件、目录或通配符 · Files, folders, globs.")
]
ItemOption = Annotated[
    str | None, typer.Option("--item", metavar="CODE", help="信息项（默认取自文件名或列）· The item.")
]
MappingOption = Annotated[
    str | None, typer.Option("--mapping", metavar="NAME|FILE", help="列名映射 · What the columns mean.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="utf-8 或 gb18030（默认自动判断）· Of text files.")
]
Delimiter = Annotated[
    str | None, typer.Option("--delimiter", metavar="CHAR", help="分隔符（默认自动判断）· Of CSV.")
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="工作表（默认第一张）· Sheet of a workbook.")
]
Division = Annotated[
    str, typer.Option("--division", metavar="CODE", help="行政区划（地方补充清单）· Division.")
]
Samples = Annotated[
    int,
    typer.Option(
        "--show", min=0, max=1000, help="result.json 中每条规则的行数 · Rows of each rule in result.json."
    ),
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="写出不合格的行及原因 · Write bad rows.")
]
Accepts = Annotated[
    Path | None, typer.Option("--accepts", metavar="FILE", help="原样写出合格的行 · Write good rows as is.")
]


class Engine(StrEnum):
    """Where rows are judged."""

    AUTO = "auto"
    LOCAL = "local"
    SPARK = "spark"


EngineOption = Annotated[
    Engine,
    typer.Option("--engine", help="引擎；auto 有 --master 时用 Spark · Auto: Spark with --master."),
]
Master = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark 主节点（默认由 spark-submit 给出）· Spark master."),
]


def check(
    paths: Paths,
    lang: LangOption,
    item: ItemOption = None,
    mapping: MappingOption = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    engine: EngineOption = Engine.AUTO,
    master: Master = None,
    division: Division = "",
    as_of: AsOf = None,
    show: Samples = 5,
    rejects: Rejects = None,
    accepts: Accepts = None,
    output: Output = Path("checks"),
    standard: StandardOption = None,
) -> None:
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.output_guards import sure_of_files, sure_of_folder
    from conformance.cli.shared.voice import Voice
    from conformance.data.check.file import Examiner, Options
    from conformance.data.check.split_rows import mixed
    from conformance.data.files import ReadErrors, ReadSettings, discover
    from conformance.loader import load_standard
    from conformance.loader.mapping import load_mapping

    loaded = load_standard(standard).on(day(as_of), division)
    delivery = discover(paths, output)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    if item and not loaded.checklist.has(item):
        raise Failure("unknown_item", code=item, known=tuple(i.code for i in loaded.checklist.items))
    meant = load_mapping(mapping, loaded.checklist, standard) if mapping else None
    read = (*(file.path for file in delivery.files), *([Path(mapping)] if mapping else ()))
    sure_of_files({"--accepts": accepts, "--rejects": rejects}, read)
    sure_of_folder("--output", output, (), ())
    settings = ReadSettings(
        encoding=_encoding(encoding), delimiter=_delimiter(delimiter), sheet=sheet, mapping=meant
    )
    chosen = Engine.SPARK if engine is Engine.SPARK or (master and engine is Engine.AUTO) else Engine.LOCAL
    with _engine(chosen, master, standard) as made_by:
        made = made_by(Examiner(loaded, Options(item, settings)), delivery, show)
        if accepts and mixed(made):
            raise Failure("accepts_mixed")
        voice = Voice(lang)
        interrupted = _watched(made, voice, accepts, rejects)
    _tell(made, voice, output, chosen, interrupted=interrupted)


def _encoding(named: str | None) -> str | None:
    from conformance.cli.shared.errors import Failure

    if named is None or named.lower() in ENCODINGS:
        return named and named.lower()
    raise Failure("unknown_encoding", name=named, known=ENCODINGS)


def _delimiter(given: str | None) -> str | None:
    from conformance.cli.shared.errors import Failure

    if given is None or (len(given) == 1 and given.isascii() and given not in '"\r\n'):
        return given
    raise Failure("bad_delimiter", value=given)


@contextmanager
def _engine(
    chosen: Engine, master: str | None, standard: Path | None
) -> "Iterator[Callable[..., DeliveryCheck]]":
    """Makes a check of an examiner, a delivery and a number of samples; a cluster is left at the end."""
    from datetime import datetime

    from conformance.data.check.delivery import DeliveryCheck

    begun = datetime.now().astimezone()
    if chosen is Engine.LOCAL:
        yield lambda examiner, delivery, most: DeliveryCheck(examiner, delivery, samples=most, started=begun)
        return
    from conformance.data.cluster import ClusterCheck, opened

    shared = str(standard.absolute()) if standard else None
    with opened(master) as session:
        yield lambda examiner, delivery, most: ClusterCheck(
            session, examiner, delivery, samples=most, started=begun, standard=shared
        )


def _watched(made: "DeliveryCheck", voice: "Voice", accepts: Path | None, rejects: Path | None) -> bool:
    """Goes through the delivery, once more where rows are written apart; whether somebody stopped it."""
    from conformance.cli.shared.progress import BytesProgress
    from conformance.data.check.split_rows import sort_out

    apart = accepts is not None or rejects is not None
    progress = BytesProgress(made.octets + made.result.delivery.size * apart, voice)
    try:
        _drain(made.run(progress.read), progress)
        if apart:
            _drain(sort_out(made, accepts, rejects, progress.read), progress)
    except KeyboardInterrupt:
        if apart:
            voice.note("check_unsorted")
        return True
    finally:
        progress.end()
    return False


def _drain(rows: Iterable[int], progress: Any) -> None:
    for count in rows:
        progress.see(count)


def _tell(made: "DeliveryCheck", voice: "Voice", output: Path, engine: Engine, *, interrupted: bool) -> None:
    """Writes the reports and says the result; the exit code is that of the document."""
    import shutil
    from datetime import datetime

    from conformance.cli.shared.errors import INTERRUPTED
    from conformance.cli.shared.run_folder import new_folder, write_delivery
    from conformance.cli.shared.voice import colored
    from conformance.data.report import About, delivery_document, render_terminal
    from conformance.runner import suite_version

    where: Literal["local", "spark"] = "spark" if engine is Engine.SPARK else "local"
    about = About(suite_version(), where, datetime.now().astimezone())
    document = delivery_document(made.result, made.examiner, about)
    folder = new_folder(output / f"{made.result.started:%Y%m%dT%H%M%S}")
    written = write_delivery(folder, document, voice.lang)
    width = shutil.get_terminal_size((100, 24)).columns
    voice.line(render_terminal(document, voice.lang, color=colored(), width=width))
    voice.say("written", folder=str(folder))
    for name in written:
        voice.line(f"  {name}")
    if interrupted:
        voice.note("check_unfinished")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(int(document.exit_code))
