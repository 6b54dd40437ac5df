"""A platform that loads the data set before a run gets the verdicts of one that has it delivered."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from conformance.data import export
from conformance.loader import load_target
from conformance.model.judgement import Check, Verdict
from conformance.model.target import Target
from conformance.runner import Selection, Settings, open_session, plan, run
from conformance.selftest.judge import Suite, reference_arguments, reference_wish
from conformance.selftest.nursery import Nursery
from conformance.workspace import Workspace, aim, create

ASKED = frozenset(
    {"ADM-003", "AUT-002", "AUT-003", "AUT-009", "CAT-002", "COL-006", "COL-009", "QRY-002", "QRY-004"}
)
MUTANTS = (None, "revocation_acts_the_next_day")


@pytest.fixture(scope="module")
def suite(suite: Suite, nursery: Nursery) -> Suite:
    """The suite, with platforms that start in no time."""
    return replace(suite, serve=nursery.platform)


@pytest.fixture(scope="module")
def checks(suite: Suite) -> tuple[Check, ...]:
    return tuple(check for check in suite.checks if check.requirement in ASKED)


@pytest.fixture(scope="module")
def workspace(
    suite: Suite, checks: tuple[Check, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, Path]:
    """A workspace, and a data set made for it."""
    folder = tmp_path_factory.mktemp("preloaded")
    made = create(folder / "workspace", reference_wish(suite.standard), suite.standard)
    target = load_target(made.target)
    data = folder / "set"
    export(
        data, suite.standard, target, checks, (), seed=0, set_id="a1", day=date(2026, 6, 1), about="read me"
    )
    return made, data


def verdicts(suite: Suite, checks: tuple[Check, ...], target: Target) -> dict[str, Verdict]:
    with open_session(target, suite.standard, 0, secrets.token_hex(8)) as session:
        settings = Settings(0, session.nonce, session.today, "provincial")
        planned = plan(
            suite.standard, target, checks, (), Selection(ids=tuple(sorted(ASKED))), settings=settings
        )
        return {result.case.id: result.verdict for result in run(planned, session.context, 4)}


def aimed(suite: Suite, workspace: Workspace, address: str, data: Path | None) -> Target:
    wish = replace(reference_wish(suite.standard), data_set=data)
    aim(workspace, address, wish, suite.standard)
    return load_target(workspace.target)


def words(workspace: Workspace, mutant: str | None) -> Sequence[str]:
    return (*reference_arguments(workspace, None), *(("--mutant", mutant) if mutant else ()))


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_both_ways_of_provisioning_give_the_same_verdicts(
    suite: Suite, checks: tuple[Check, ...], workspace: tuple[Workspace, Path], mutant: str | None
) -> None:
    made, data = workspace
    with suite.serve(words(made, mutant)) as address:
        delivered = verdicts(suite, checks, aimed(suite, made, address, None))
    with suite.serve([*words(made, mutant), "--load", str(data)]) as address:
        target = aimed(suite, made, address, data)
        loaded = verdicts(suite, checks, target)
        repeated = verdicts(suite, checks, target)

    assert loaded == delivered
    assert repeated == delivered
    broken = {case for case, verdict in delivered.items() if verdict is Verdict.FAILED}
    assert bool(broken) == (mutant is not None)


def test_a_platform_that_did_not_load_the_set_is_told_so(
    suite: Suite, workspace: tuple[Workspace, Path]
) -> None:
    made, data = workspace
    with suite.serve(words(made, None)) as address:
        target = aimed(suite, made, address, data)
        with open_session(target, suite.standard, 0, secrets.token_hex(8)) as session:
            missing = session.loaded()
    assert missing is not None
    assert missing.key == "data.not_loaded"


def test_without_a_provider_deliveries_are_not_verified_and_the_rest_is(
    suite: Suite, checks: tuple[Check, ...], workspace: tuple[Workspace, Path]
) -> None:
    made, data = workspace
    with suite.serve([*words(made, None), "--load", str(data)]) as address:
        target = aimed(suite, made, address, data)
        clients = {name: c for name, c in target.clients.items() if "provider" not in name}
        found = verdicts(suite, checks, replace(target, clients=clients))
    deliver = {case for case in found if case.startswith(("COL-006", "CAT-002/freshness_follows"))}
    assert deliver
    assert {found[case] for case in deliver} == {Verdict.NOT_VERIFIED}
    assert {verdict for case, verdict in found.items() if case not in deliver} == {Verdict.PASSED}
