"""One run from the open session to the written folder; shared by `run`, `demo` and `rejudge`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.shared.progress import Progress
from conformance.cli.shared.run_folder import previous_run, write_reports
from conformance.cli.shared.voice import Voice, colored
from conformance.model import clock
from conformance.model.judgement import Check
from conformance.model.run import Plan, Run
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.runner import (
    Monitor,
    Selection,
    Session,
    Settings,
    conclude,
    header,
    open_session,
    plan,
    run,
)

if TYPE_CHECKING:
    from conformance.results import ResultDocument


@dataclass(frozen=True, slots=True)
class Order:
    """What a run was asked to be."""

    selection: Selection
    seed: int
    nonce: str
    as_of: date
    jobs: int
    read_only: bool
    output: Path


def judges(standard: Standard) -> tuple[tuple[Check, ...], tuple[Monitor, ...]]:
    from conformance.checks import collect as checks
    from conformance.monitors import collect as monitors

    return checks(), monitors(standard)


def execute(standard: Standard, target: Target, order: Order, voice: Voice) -> tuple[Run, Path]:
    """Run the plan against the platform; the transcript is written as results come."""
    checks, monitors = judges(standard)
    with open_session(target, standard, order.seed, order.nonce, read_only=order.read_only) as session:
        planned = plan(
            standard, target, checks, monitors, order.selection, settings=_settings(order, session)
        )
        return _executed(session, planned, monitors, order, voice)


def _settings(order: Order, session: Session) -> Settings:
    level = str(session.wire.descriptor.document.get("level", ""))
    return Settings(order.seed, order.nonce, order.as_of, level)


def _executed(
    session: Session, planned: Plan, monitors: Iterable[Monitor], order: Order, voice: Voice
) -> tuple[Run, Path]:
    from conformance.evidence import TranscriptWriter
    from conformance.results import run_id

    started = clock.now()
    folder = order.output / run_id(started, order.nonce)
    progress = Progress(len(planned.planned), voice)
    about = header(session, planned)
    results = []
    with TranscriptWriter(folder, about, session.redactor) as transcript:
        for result in run(planned, session.context, order.jobs, monitors):
            results.append(transcript.write(result))
            progress.see(result)
    progress.end()
    concluded = conclude(
        session.standard,
        session.target,
        about.platform,
        planned,
        results,
        jobs=order.jobs,
        started_at=started,
        finished_at=clock.now(),
    )
    return concluded, folder


def report(
    finished: Run,
    folder: Path,
    standard: Standard,
    voice: Voice,
    previous: "ResultDocument | None" = None,
) -> None:
    """Write the reports, show the outcome, say where everything is.

    Compares with `previous`, or with the run of the same platform before this one.
    """
    from conformance.results import compare, render_comparison, render_terminal, result_document

    document = result_document(finished, standard, voice.messages)
    if earlier := previous or previous_run(folder.parent, document):
        document = document.changed(comparison=compare(earlier, document))
    written = write_reports(folder, document, voice.lang)
    color = colored()
    voice.line(
        render_terminal(document, voice.lang, color=color, width=_width(color=color), messages=voice.messages)
    )
    if document.comparison:
        voice.line(render_comparison(document.comparison, voice.lang, whole=False, messages=voice.messages))
        voice.line()
    voice.say("written", folder=folder)
    for name, path in written.items():
        voice.line(f"  {name:<16} {path}")


def _width(*, color: bool) -> int:
    import shutil

    return shutil.get_terminal_size((110, 24)).columns if color else 110
