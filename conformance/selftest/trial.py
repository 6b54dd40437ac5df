"""The suite against one freshly started reference platform, in a workspace of its own."""

import secrets
import socket
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Self

from conformance import checks, monitors
from conformance.loader import load_standard, load_target
from conformance.model import clock
from conformance.model.judgement import Check, Result
from conformance.model.standard import Standard
from conformance.oracles.working_days import last_covered_day
from conformance.runner import Monitor, Selection, Settings, open_session, plan, run
from conformance.selftest.process import reference_platform
from conformance.selftest.slowness import MOST_IN_STANDARD, slowed, slowness
from conformance.workspace import Workspace, aim, create
from conformance.workspace.options import WorkspaceOptions

SEED = 0
Serve = Callable[[Sequence[str]], AbstractContextManager[str]]
"""Starts a platform with these words of its command line and gives its address."""


@dataclass(frozen=True, slots=True)
class Suite:
    """All that judges, and the standard it judges by."""

    standard: Standard
    checks: tuple[Check, ...]
    monitors: tuple[Monitor, ...]
    jobs: int = 4
    root: Path | None = None
    """Folder of the standard where it was given; the platform serves the same."""
    serve: Serve = reference_platform
    day: date | None = None
    """On which platforms live; None is the day on which most can be seen."""
    nonce: str = field(default_factory=partial(secrets.token_hex, 8))
    """Of all runs: on a new platform each, so that equal records may be judged from memory."""

    @classmethod
    def of(cls, root: Path | None, jobs: int, serve: Serve = reference_platform) -> Self:
        """Everything that judges by the standard in `root`."""
        standard = load_standard(root)
        return cls(standard, checks.collect(), monitors.collect(standard), jobs, root, serve)

    @property
    def names(self) -> frozenset[str]:
        """Every check and monitor, with its requirement."""
        checks = {f"{check.requirement}/{check.name}" for check in self.checks}
        return frozenset(checks | {f"{monitor.requirement}/{monitor.name}" for monitor in self.monitors})

    def arguments(self, workspace: Workspace, time_factor: float | None = None) -> list[str]:
        """Words of the command line that start a platform."""
        day = self.day or telling_day(self.standard, clock.today())
        return reference_arguments(workspace, self.root, day, time_factor)

    def judge(self, arguments: Sequence[str], selection: Selection) -> Iterable[Result]:
        """Results on the platform started with `arguments`."""
        with tempfile.TemporaryDirectory(prefix="fcsp-selftest-") as folder:
            workspace = create(Path(folder), reference_options(self.standard), self.standard)
            factor = slowness()
            words = [*self.arguments(workspace, factor), *arguments]
            with self.serve(words) as address:
                aim(workspace, address, reference_options(self.standard), self.standard)
                return tuple(self._results(workspace, selection, factor))

    def _results(self, workspace: Workspace, selection: Selection, time_factor: float) -> Iterable[Result]:
        target = load_target(workspace.target)
        target = replace(target, timeout=target.timeout * time_factor)
        with open_session(target, self.standard, SEED, self.nonce) as session:
            settings = Settings(SEED, session.nonce, session.today, "provincial")
            standard = slowed(self.standard.on(session.today, target.division), time_factor)
            planned = plan(standard, target, self.checks, self.monitors, selection, settings=settings)
            judging = replace(session, standard=standard)
            yield from run(planned, judging.context, self.jobs, self.monitors)


def telling_day(standard: Standard, today: date) -> date:
    """Today as long as a new version of the checklist is ahead; later, the eve of the last one.

    What applies before a new version could not be judged any more, while the days of transition come and go
    with the platforms that live on them. Nor is it later than the calendar of working days: without it, part
    of COL-030 is not verified.
    """
    versions = standard.checklists.national
    late = len(versions) > 1 and today >= versions[-1].effective_from
    day = versions[-1].effective_from - timedelta(1) if late else today
    return min(day, last_covered_day(standard.holidays) or day)


def reference_options(standard: Standard, base_url: str = "http://127.0.0.1:1") -> WorkspaceOptions:
    """The reference platform claims everything that the standard knows."""
    capabilities = {r.capability for r in standard.requirements.values() if r.capability}
    for name in ("client_role", "institution_class"):
        named_capabilities = (
            code.properties.get("capability") for code in standard.codes[name].codes.values()
        )
        capabilities |= {capability for capability in named_capabilities if capability}
    place = f"127.0.0.1:{free_port()}"
    return WorkspaceOptions(
        base_url,
        capabilities=tuple(sorted(capabilities)),
        provider_listen=place,
        provider_url=f"http://{place}",
    )


def free_port() -> int:
    """A port that nobody listens on; below those of outgoing connections, so that it stays free."""
    while True:
        port = secrets.choice(range(10_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def reference_arguments(
    workspace: Workspace, root: Path | None, day: date | None = None, time_factor: float | None = None
) -> list[str]:
    """Words of the command line of a reference platform.

    `day`: the day on which it lives, in place of today. `time_factor` stretches its wait for sources, by
    default as the machine needs, within what the standard allows.
    """
    factor = min(MOST_IN_STANDARD, slowness()) if time_factor is None else time_factor
    fixed = ["--trust", str(workspace.trust), "--environment", "test", "--profile", "provincial"]
    chosen_root = ("--standard", str(root)) if root else ()
    chosen_day = ("--day", day.isoformat()) if day else ()
    return [*fixed, *chosen_root, *chosen_day, "--time-factor", f"{factor:.2f}"]
