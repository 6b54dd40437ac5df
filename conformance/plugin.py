"""The pytest front end: `pytest -p conformance.plugin --fcsp-target target.toml`, one item for each case.

The items are those of the runner's plan and await its results, so `-k`, `-x` and every reporter of pytest
work and the verdicts are those of `fcsp run`. The exit code is the suite's own: a skip never looks like
conformance.
"""

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.messages import Messages, load_messages
from conformance.model.judgement import Result, Verdict
from conformance.model.run import Plan, Planned
from conformance.model.standard import Standard
from conformance.model.text import Lang, Message
from conformance.runner import (
    Monitor,
    Session,
    Settings,
    open_session,
    plan,
    run,
)
from conformance.verdict import exit_code, roll_up

BROKEN = frozenset({Verdict.FAILED, Verdict.ERRORED})
MET = frozenset({Verdict.PASSED, Verdict.WARNED})
PARALLEL = (
    "fcsp: -n is refused: one run has one token cache, one transcript and one exclusive lane, which separate "
    "processes cannot share; use --fcsp-jobs"
)
STATE = pytest.StashKey["Conformance"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fcsp", "conformance of a financing-credit service platform")
    group.addoption("--fcsp-target", type=Path, metavar="FILE", help="target.toml of the platform")
    group.addoption("--fcsp-standard", type=Path, metavar="DIR", help="another copy of the standard")
    group.addoption("--fcsp-seed", type=int, help="seed of all randomness")
    group.addoption("--fcsp-nonce", help="nonce of the run, e.g. to repeat one")
    group.addoption("--fcsp-as-of", type=date.fromisoformat, help="judge by the rules of that day")
    group.addoption("--fcsp-jobs", type=int, default=4, help="cases at a time")
    group.addoption("--fcsp-lang", choices=[lang.value for lang in Lang], default=Lang.ZH.value)
    group.addoption("--fcsp-read-only", action="store_true", help="send nothing that changes the platform")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError(PARALLEL)
    if config.getoption("fcsp_target") is None:
        raise pytest.UsageError("fcsp: --fcsp-target is required")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> bool:
    """The plan instead of files: nothing else is collected in this run."""
    config = session.config
    state = config.stash[STATE] = _open(config)
    items: list[pytest.Item] = [
        CaseItem.from_parent(session, name=planned.case.id, nodeid=planned.case.id, planned=planned)
        for planned in sorted(state.plan.planned, key=_lane)
    ]
    session.items = items
    session.testscollected = len(items)
    config.hook.pytest_collection_modifyitems(session=session, config=config, items=items)
    config.hook.pytest_collection_finish(session=session)
    session.testscollected = len(items)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """The run goes on beside the loop, which awaits its results; it ends with the loop, `-x` included."""
    state = session.config.stash[STATE]
    state.start([item.planned for item in session.items if isinstance(item, CaseItem)])
    try:
        return (yield)
    finally:
        state.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """The exit code of `fcsp run`; an interruption or a usage error of pytest stays what it is."""
    state = session.config.stash.get(STATE, None)
    if state is not None and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        session.exitstatus = int(exit_code(roll_up(state.standard, state.results.values())))


def pytest_unconfigure(config: pytest.Config) -> None:
    state = config.stash.get(STATE, None)
    if state is not None:
        state.close()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    state = config.stash.get(STATE, None)
    if state is not None:
        terminalreporter.section("fcsp")
        for line in state.summary():
            terminalreporter.write_line(line)


class CaseFailed(Exception):  # noqa: N818 - a verdict, not an error
    """The platform does not do what the requirement says, or the suite broke."""


class CaseItem(pytest.Item):
    """One case of the plan."""

    def __init__(self, *, planned: Planned, **rest: Any) -> None:
        super().__init__(**rest)
        self.planned = planned

    def runtest(self) -> None:
        state = self.config.stash[STATE]
        result = state.result(self.planned.case.id)
        self.user_properties += [
            ("requirement", result.case.requirement),
            ("case", result.case.id),
            ("verdict", result.verdict.value),
        ]
        text = state.text(result)
        if result.verdict in BROKEN:
            raise CaseFailed(text)
        if result.verdict not in MET:
            pytest.skip(text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.planned.case.id


class Conformance:
    """The run behind the items."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        standard: Standard,
        session: Session,
        case_plan: Plan,
        monitors: tuple[Monitor, ...],
        jobs: int,
        lang: Lang,
    ) -> None:
        self.standard = standard
        self.plan = case_plan
        self.results: dict[str, Result] = {}
        self._session, self._monitors, self._jobs, self._lang = session, monitors, jobs, lang
        self._messages: Messages = load_messages()
        self._arrived = threading.Condition()
        self._stopped = threading.Event()
        self._fault: BaseException | None = None
        self._thread: threading.Thread | None = None

    def start(self, planned: list[Planned]) -> None:
        selection = replace(
            self.plan, planned=tuple(planned), complete=len(planned) == len(self.plan.planned)
        )
        self.plan = selection
        self._thread = threading.Thread(target=self._run, args=(selection,), name="fcsp-run", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        self._session.close()

    def result(self, case: str) -> Result:
        """The result of a case, once it is there."""
        with self._arrived:
            self._arrived.wait_for(lambda: case in self.results or self._fault is not None)
            if case not in self.results:
                raise RuntimeError(f"the run ended before {case}") from self._fault
            return self.results[case]

    def text(self, result: Result) -> str:
        lines = [self._messages.render(finding.message, self._lang) for finding in result.findings]
        return "\n".join([f"{result.verdict.value}: {result.case.id}", *(f"  {line}" for line in lines)])

    def summary(self) -> Iterator[str]:
        case_plan = self.plan
        complete = str(case_plan.complete).lower()
        yield f"seed {case_plan.seed}, nonce {case_plan.nonce}, as of {case_plan.as_of}, complete: {complete}"
        verdicts = [result.verdict for result in self.results.values()]
        yield ", ".join(
            f"{verdict.value} {verdicts.count(verdict)}" for verdict in Verdict if verdict in verdicts
        )

    def _run(self, selection: Plan) -> None:
        try:
            with closing(run(selection, self._session.context, self._jobs, self._monitors)) as results:
                for result in results:
                    self._arrive(self._session.redactor.result(result))
                    if self._stopped.is_set():
                        return
        except BaseException as error:  # noqa: BLE001 - handed to the items, which wait for it
            self._fault = error
        finally:
            with self._arrived:
                self._fault = self._fault or EOFError("no more results")
                self._arrived.notify_all()

    def _arrive(self, result: Result) -> None:
        with self._arrived:
            self.results[result.case.id] = result
            self._arrived.notify_all()


def _open(config: pytest.Config) -> Conformance:
    """Standard, target, session and plan of this run; whatever is wrong with them is a usage error."""
    from conformance.checks import collect as checks
    from conformance.expect import Inconclusive, NotVerified
    from conformance.loader import StandardErrors, TargetErrors, load_standard, load_target
    from conformance.monitors import collect as monitors

    option, lang = config.getoption, Lang(config.getoption("fcsp_lang"))
    run_options = {name: option(f"fcsp_{name}") for name in ("seed", "nonce", "as_of")}
    settings = Settings(**{name: value for name, value in run_options.items() if value is not None})
    try:
        standard, target = load_standard(option("fcsp_standard")), load_target(option("fcsp_target"))
        standard = standard.on(settings.as_of, target.division)
        session = open_session(
            target, standard, settings.seed, settings.nonce, read_only=option("fcsp_read_only")
        )
    except (StandardErrors, TargetErrors) as errors:
        raise pytest.UsageError(
            *(_rendered(problem.message, lang) for problem in errors.problems)
        ) from errors
    except (Inconclusive, NotVerified) as fault:
        raise pytest.UsageError(_rendered(fault.message, lang)) from fault
    watching = monitors(standard)
    run_settings = replace(settings, level=str(session.wire.descriptor.document.get("level", "")))
    case_plan = plan(standard, target, checks(), watching, settings=run_settings)
    return Conformance(standard, session, case_plan, watching, option("fcsp_jobs"), lang)


def _lane(planned: Planned) -> int:
    """The order in which the runner gives results: decided, parallel, exclusive, monitors."""
    if planned.verdict is not None:
        return 0
    if planned.check is None:
        return 3
    return 2 if planned.case.exclusive else 1


def _rendered(message: Message, lang: Lang) -> str:
    return f"fcsp: {load_messages().render(message, lang)}"
