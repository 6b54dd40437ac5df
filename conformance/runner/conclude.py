"""The end of a run: its header, its requirements' verdicts and its exit code."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from conformance.evidence import Header
from conformance.model.judgement import Result
from conformance.model.run import Plan, Run, RunInfo
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.runner.session import Session
from conformance.verdict import exit_code, roll_up

PUBLISHED = ("platform_id", "name", "operator", "environment", "level", "division_code", "conformance")
"""Facts about the platform in a run: members of its descriptor."""


def suite_version() -> str:
    """Version of the installed suite; `0+checkout` where it is not installed."""
    try:
        return version("fcsp")
    except PackageNotFoundError:
        return "0+checkout"


def abridged(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The published members of a descriptor."""
    return {name: descriptor[name] for name in PUBLISHED if name in descriptor}


def header(session: Session, plan: Plan) -> Header:
    """The header of the transcript of a session."""
    return Header(
        suite_version=suite_version(),
        standard_version=session.standard.version,
        standard_digest=session.standard.digest,
        target=session.target,
        platform=abridged(session.wire.descriptor.document),
        seed=plan.seed,
        nonce=plan.nonce,
        as_of=plan.as_of,
        today=session.today,
        complete=plan.complete,
    )


def conclude(  # noqa: PLR0913
    standard: Standard,
    target: Target,
    platform: Mapping[str, Any],
    plan: Plan,
    results: Iterable[Result],
    *,
    jobs: int,
    started_at: datetime,
    finished_at: datetime,
) -> Run:
    """The run. Give it redacted results."""
    in_order = tuple(sorted(results, key=lambda result: result.case.id))
    requirements = roll_up(standard, in_order)
    info = RunInfo(
        suite_version=suite_version(),
        standard_version=standard.version,
        standard_digest=standard.digest,
        profile=target.profile,
        base_url=target.base_url,
        platform=platform,
        seed=plan.seed,
        nonce=plan.nonce,
        as_of=plan.as_of,
        jobs=jobs,
        started_at=started_at,
        finished_at=finished_at,
        complete=plan.complete,
    )
    return Run(info, in_order, requirements, int(exit_code(requirements)))
