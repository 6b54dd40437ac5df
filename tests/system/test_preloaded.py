"""A platform that loads the data set before a run gets the verdicts of one that has it delivered."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from conformance.loader import load_target
from conformance.model.judgement import Verdict
from conformance.model.target import Target
from conformance.preload import export
from conformance.runner import Selection, Settings, open_session, plan, run
from conformance.selftest.fork_server import Nursery
from conformance.selftest.trial import Suite, reference_options
from conformance.workspace import Workspace, aim, create

MADE = date(2026, 6, 1)
ASKED = frozenset(
    {"ADM-003", "AUT-002", "AUT-003", "AUT-009", "CAT-002", "COL-006", "COL-009", "QRY-002", "QRY-004"}
)
SOME = Selection(ids=tuple(sorted(ASKED)))
WHOLE = Selection(most=1, in_full=ASKED)
"""Every check, those of the first ones in all their cases."""
PLATFORMS = ((None, WHOLE), ("the_enterprise_speaks_for_its_people", SOME))


@pytest.fixture(scope="module")
def suite(suite: Suite, nursery: Nursery) -> Suite:
    """The suite, with platforms that start in no time."""
    return replace(suite, serve=nursery.platform)


@pytest.fixture(scope="module")
def workspace(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """A workspace, and a data set made for it."""
    folder = tmp_path_factory.mktemp("preloaded")
    created = create(folder / "workspace", reference_options(suite.standard), suite.standard)
    target, data, monitors = load_target(created.target), folder / "set", suite.monitors
    export(
        data, suite.standard, target, suite.checks, monitors, seed=0, set_id="a1", day=MADE, readme="read me"
    )
    return created, data


def verdicts(suite: Suite, selection: Selection, target: Target) -> dict[str, Verdict]:
    with open_session(target, suite.standard, 0, secrets.token_hex(8)) as session:
        standard = suite.standard.on(session.today, target.division)
        settings = Settings(0, session.nonce, session.today, "provincial")
        planned = plan(standard, target, suite.checks, suite.monitors, selection, settings=settings)
        judging = replace(session, standard=standard)
        return {r.case.id: r.verdict for r in run(planned, judging.context, 4, suite.monitors)}


def aimed(suite: Suite, workspace: Workspace, address: str, data: Path | None) -> Target:
    options = replace(reference_options(suite.standard), data_set=data)
    aim(workspace, address, options, suite.standard)
    return load_target(workspace.target)


def words(suite: Suite, workspace: Workspace, mutant: str | None = None) -> Sequence[str]:
    return (*suite.arguments(workspace), *(("--mutant", mutant) if mutant else ()))


@pytest.mark.parametrize(("mutant", "asked"), PLATFORMS, ids=["obeys", "mutant"])
def test_both_ways_of_provisioning_give_the_same_verdicts(
    suite: Suite, workspace: tuple[Workspace, Path], mutant: str | None, asked: Selection
) -> None:
    own_workspace, data = workspace
    with suite.serve(words(suite, own_workspace, mutant)) as address:
        delivered = verdicts(suite, asked, aimed(suite, own_workspace, address, None))
    with suite.serve([*words(suite, own_workspace, mutant), "--load", str(data)]) as address:
        target = aimed(suite, own_workspace, address, data)
        after_load = verdicts(suite, asked, target)
        repeated = verdicts(suite, asked, target)

    assert after_load == delivered
    assert repeated == delivered
    broken = {case for case, verdict in delivered.items() if verdict is Verdict.FAILED}
    assert bool(broken) == (mutant is not None)


def test_a_platform_that_did_not_load_the_set_is_told_so(
    suite: Suite, workspace: tuple[Workspace, Path]
) -> None:
    own_workspace, data = workspace
    with suite.serve(words(suite, own_workspace)) as address:
        target = aimed(suite, own_workspace, address, data)
        with open_session(target, suite.standard, 0, secrets.token_hex(8)) as session:
            reason = session.loaded()
    assert reason is not None
    assert reason.key == "data.not_loaded"


def test_without_a_provider_deliveries_are_not_verified_and_the_rest_is(
    suite: Suite, workspace: tuple[Workspace, Path]
) -> None:
    own_workspace, data = workspace
    with suite.serve([*words(suite, own_workspace), "--load", str(data)]) as address:
        target = aimed(suite, own_workspace, address, data)
        clients = {name: c for name, c in target.clients.items() if "provider" not in name}
        case_verdicts = verdicts(suite, SOME, replace(target, clients=clients))
    deliver = {case for case in case_verdicts if case.startswith(("COL-006", "CAT-002/freshness_follows"))}
    assert deliver
    assert {case_verdicts[case] for case in deliver} == {Verdict.NOT_VERIFIED}
    assert {verdict for case, verdict in case_verdicts.items() if case not in deliver} == {Verdict.PASSED}
