"""One run from the open session to the written folder; shared by `run`, `demo` and `rejudge`."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.cli.shared.progress import CaseProgress
from conformance.cli.shared.run_folder import previous_run, write_reports
from conformance.cli.shared.voice import Voice, colored, terminal_width
from conformance.evidence import TranscriptWriter
from conformance.expect import Inconclusive, Undecided
from conformance.model import clock
from conformance.model.errors import UserError
from conformance.model.judgement import Case
from conformance.model.run import Plan, Run
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.results import (
    ResultDocument,
    compare,
    render_comparison,
    render_terminal,
    result_document,
    run_id,
)
from conformance.runner import (
    CaseContext,
    ContextFactory,
    Monitor,
    Selection,
    Session,
    Settings,
    header,
    open_session,
    plan,
    run,
)
from conformance.runner.conclude import conclude

_PLAIN_WIDTH = 110


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The settings of one run."""

    selection: Selection
    seed: int
    nonce: str
    as_of: date
    jobs: int
    read_only: bool
    output: Path
    """Folder in which the folder of the run is made."""
    max_seconds: float = math.inf
    """Time after which no further case begins."""


def execute(standard: Standard, target: Target, request: RunRequest, voice: Voice) -> tuple[Run, Path]:
    """Run the plan against the platform; returns the run and its folder, with the transcript.

    Raises UserError where no session can be opened, SelectionError.
    """
    checks, monitors = all_checks_and_monitors(standard)
    with opened_session(standard, target, request) as session:
        level = str(session.wire.descriptor.document.get("level", ""))
        settings = Settings(request.seed, request.nonce, request.as_of, level)
        planned = plan(standard, target, checks, monitors, request.selection, settings=settings)
        return _run_plan(session, planned, monitors, request, voice)


def opened_session(standard: Standard, target: Target, request: RunRequest) -> Session:
    """The session of a run. Raises UserError where the platform does not answer as one."""
    try:
        return open_session(target, standard, request.seed, request.nonce, read_only=request.read_only)
    except Undecided as error:
        raise UserError(Message("cli.not_started", {"why": error.message})) from error


def _run_plan(
    session: Session, planned: Plan, monitors: Iterable[Monitor], request: RunRequest, voice: Voice
) -> tuple[Run, Path]:
    started = clock.now()
    folder = request.output / run_id(started, request.nonce)
    progress = CaseProgress(len(planned.planned), voice)
    about = header(session, planned)
    contexts = time_limited(session, request.max_seconds)
    results = []
    with TranscriptWriter(folder, about, session.redactor) as transcript:
        for result in run(planned, contexts, request.jobs, monitors):
            results.append(transcript.write(result))
            progress.count_result(result)
    progress.end()
    concluded = conclude(
        session.standard,
        session.target,
        about.platform,
        planned,
        results,
        jobs=request.jobs,
        started_at=started,
        finished_at=clock.now(),
    )
    return concluded, folder


def time_limited(session: Session, seconds: float) -> ContextFactory:
    """Contexts that end with the run: a case that has not begun by then is inconclusive."""
    if math.isinf(seconds):
        return session.context
    end = time.monotonic() + seconds

    def context(case: Case) -> CaseContext:
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise Inconclusive(Message("runner.time_limit", {"seconds": f"{seconds:g}"}))
        return replace(session, case_seconds=min(session.case_seconds, remaining)).context(case)

    return context


def report(
    finished: Run,
    folder: Path,
    standard: Standard,
    voice: Voice,
    previous: ResultDocument | None = None,
) -> None:
    """Write the reports, show the outcome, say where everything is.

    Compares with `previous`, or with the run of the same platform before this one.
    """
    document = result_document(finished, standard, voice.messages)
    if earlier := previous or previous_run(folder.parent, document):
        document = document.changed(comparison=compare(earlier, document))
    paths = write_reports(folder, document, voice.lang)
    color = colored()
    width = terminal_width(_PLAIN_WIDTH) if color else _PLAIN_WIDTH
    voice.line(render_terminal(document, voice.lang, color=color, width=width, messages=voice.messages))
    if document.comparison:
        voice.line(render_comparison(document.comparison, voice.lang, in_full=False, messages=voice.messages))
        voice.line()
    voice.say("written", folder=folder)
    for name, path in paths.items():
        voice.line(f"  {name:<16} {path}")
