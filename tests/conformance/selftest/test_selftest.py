"""The matrix counts only assertions of the named requirement; the process of a mutant always ends."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from conformance.loader import load_standard
from conformance.messages import load_messages
from conformance.model.judgement import Case, Result, Verdict
from conformance.model.standard import Standard
from conformance.model.text import Lang
from conformance.runner import Selection
from conformance.selftest import kill_table, matrix, process, worker_pool
from conformance.selftest.cache import Cache
from conformance.selftest.fork_server import Nursery
from conformance.selftest.mutants import Mutant, mutants, variants
from conformance.selftest.trial import Suite, telling_day

ALL = Selection()
MUTANT = Mutant("forgets", "AUT-003", {"SEC-005": "the log tells the same"})


def judge(*verdicts: tuple[str, Verdict]) -> matrix.Judge:
    def run(_: Sequence[str], __: Selection) -> list[Result]:
        return [Result(Case(id_, "fact"), verdict) for id_, verdict in verdicts]

    return run


def row(*verdicts: tuple[str, Verdict]) -> matrix.Row:
    return matrix.examine(MUTANT, judge(*verdicts), ALL)


def test_a_catch_by_the_named_requirement() -> None:
    found = row(("AUT-003", Verdict.FAILED), ("AUT-001", Verdict.PASSED))
    assert found.ok
    assert found.caught_by == ("AUT-003/fact",)


def test_a_warning_catches_what_only_should_be() -> None:
    assert row(("AUT-003", Verdict.WARNED)).ok


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in matrix.BROKEN])
def test_nothing_else_is_a_catch(verdict: Verdict) -> None:
    assert not row(("AUT-003", verdict)).ok


def test_an_error_spoils_a_catch() -> None:
    assert not row(("AUT-003", Verdict.FAILED), ("AUT-001", Verdict.ERRORED)).ok


def test_only_what_was_announced_may_fail_too() -> None:
    assert row(("AUT-003", Verdict.FAILED), ("SEC-005", Verdict.FAILED)).also == ("SEC-005",)
    mutant = row(("AUT-003", Verdict.FAILED), ("QRY-001", Verdict.FAILED))
    assert not mutant.ok
    assert mutant.unexpected == ("QRY-001/fact",)
    assert mutant.idle == ("SEC-005",)


def test_not_verified_elsewhere_does_not_count() -> None:
    assert row(("AUT-003", Verdict.FAILED), ("QRY-001", Verdict.NOT_VERIFIED)).ok


def test_the_platform_that_obeys_breaks_nothing() -> None:
    for verdict in (Verdict.PASSED, Verdict.FAILED):
        found = matrix.examine(matrix.OBEYS, judge(("AUT-003", verdict)), ALL)
        assert found.ok == (verdict is Verdict.PASSED)


def test_sole_killers_and_weak_checks() -> None:
    document = matrix.document([row(("AUT-003", Verdict.FAILED))], ["AUT-003/fact", "AUT-001/fact"])
    assert document["sole_killers"] == {"AUT-003/fact": ("forgets",)}
    assert document["weak"] == ["AUT-001/fact"]
    assert document["ok"]


def test_an_empty_matrix_is_not_green() -> None:
    assert not matrix.document([], [])["ok"]


def module(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "stand_in.py").write_text(code)
    monkeypatch.setattr(process, "MODULE", "stand_in")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def _fail_beside(pid: int) -> None:
    assert alive(pid)
    raise RuntimeError


def test_the_process_ends_with_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os, time\nprint('listening on http://h:1/' + str(os.getpid()), flush=True)\ntime.sleep(600)"
    )
    module(tmp_path, code, monkeypatch)
    with pytest.raises(RuntimeError), process.reference_platform([]) as address:
        _fail_beside(pid := int(address.rpartition("/")[2]))
    assert not alive(pid)


def test_a_deaf_process_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('listening on ' + str(os.getpid()), flush=True)\ntime.sleep(600)"
    )
    module(tmp_path, code, monkeypatch)
    monkeypatch.setattr(process, "STOP_SECONDS", 0.3)
    with process.reference_platform([]) as address:
        pid = int(address)
    assert not alive(pid)


def test_a_process_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "raise SystemExit('no such trust file')", monkeypatch)
    with pytest.raises(process.StartError) as caught, process.reference_platform([]):
        pass
    assert "no such trust file" in caught.value.output
    assert caught.value.reason == "exit 1"


def test_a_process_that_never_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "import time\ntime.sleep(600)", monkeypatch)
    started = time.monotonic()
    with pytest.raises(process.StartError) as caught, process.reference_platform([], deadline=0.5):
        pass
    assert caught.value.reason == "timeout"
    assert time.monotonic() - started < 30


def test_a_talkative_process_is_not_blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, time\nprint('listening on x', flush=True)\n"
        "for _ in range(20000): print('y' * 100)\nsys.stdout.flush()\n"
        "open('done', 'w').close()\ntime.sleep(600)"
    )
    module(tmp_path, code, monkeypatch)
    monkeypatch.chdir(tmp_path)
    with process.reference_platform([]):
        end = time.monotonic() + 60
        while not (tmp_path / "done").exists() and time.monotonic() < end:
            time.sleep(0.05)
    assert (tmp_path / "done").exists()


def test_a_terminated_demo_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os, time\nopen('pid', 'w').write(str(os.getpid()))\n"
        "print('listening on http://127.0.0.1:1', flush=True)\ntime.sleep(600)"
    )
    (tmp_path / "stand_in.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path(__file__).parents[3]}")
    script = (
        "import time\nfrom conformance.selftest.process import end_on_signals\n"
        "from conformance.selftest import process\nprocess.MODULE = 'stand_in'\nend_on_signals()\n"
        "with process.reference_platform([]):\n    print('up', flush=True)\n    time.sleep(600)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        assert demo.stdout.readline() == "up\n"
        pid = int((tmp_path / "pid").read_text())
        demo.terminate()
        assert demo.wait(60) == 143
    assert not alive(pid)


def test_the_table_names_sole_catchers_and_weak_checks() -> None:
    checks = ["AUT-003/fact", "AUT-001/fact"]
    rows = [row(("AUT-003", Verdict.FAILED), ("SEC-005", Verdict.FAILED))]
    text = kill_table.render(matrix.document(rows, checks), partial(load_messages().render, lang=Lang.EN))
    assert "| AUT-003 | `forgets` | **`fact`** | SEC-005 | 0.0 |" in text
    assert "1 mutant, 1 caught" in text
    assert "AUT-001/fact" in text.splitlines()[-1]


def with_calendar(standard: Standard, *years: int) -> Standard:
    """The standard with a calendar of these years, Monday to Friday each."""
    none: list[str] = []
    calendar = {"years": {str(year): {"holidays": none, "workdays": none} for year in years}}
    return replace(standard, holidays=calendar)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2027-03-31", "2027-03-31"),
        ("2027-04-01", "2027-03-31"),
        ("2031-01-01", "2027-03-31"),
    ],
)
def test_platforms_live_on_a_day_on_which_a_version_is_ahead(today: str, day: str) -> None:
    standard = with_calendar(load_standard(), *range(2026, 2032))
    found = telling_day(standard, date.fromisoformat(today))
    assert found == date.fromisoformat(day)
    assert standard.on(found, "").next_checklist is not None


def test_platforms_live_on_a_day_that_the_calendar_has() -> None:
    standard = with_calendar(load_standard(), 2026)
    assert telling_day(standard, date(2026, 12, 31)) == date(2026, 12, 31)
    assert telling_day(standard, date(2027, 2, 1)) == date(2026, 12, 31)
    assert telling_day(standard, date(2031, 1, 1)) == date(2026, 12, 31)


def test_one_worker_examines_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = SimpleNamespace(judge=judge(("AUT-003", Verdict.FAILED)))
    monkeypatch.setattr(Suite, "of", lambda *_: suite)
    found = list(worker_pool.examined([matrix.OBEYS, MUTANT], worker_pool.Order(True, 1, 1, None)))
    assert [(one.mutant, one.ok) for one in found] == [("", False), ("forgets", True)]


def test_a_nursery_starts_platforms_and_ends_with_them() -> None:
    with Nursery() as nursery:
        with nursery.platform([]) as good, nursery.platform(["--mutant", "names_are_cut"]) as wrong:
            assert good != wrong
            for address in (good, wrong):
                assert httpx.get(f"{address}/v1/health").json()["status"] == "ok"
        assert nursery.core_seconds > 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{good}/v1/health")


def test_a_nursery_that_dies_takes_its_platforms_along() -> None:
    nursery = Nursery()
    address = nursery.platform([]).__enter__()
    nursery.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/v1/health")


def test_a_nursery_says_why_a_platform_did_not_start() -> None:
    with (
        Nursery() as nursery,
        pytest.raises(process.StartError) as caught,
        nursery.platform(["--trust", "/nowhere"]),
    ):
        pass
    assert caught.value.reason == "exit 2"
    assert "/nowhere" in caught.value.output


def test_the_overview_names_below_each_check_what_it_catches() -> None:
    render = partial(load_messages().render, lang=Lang.EN)
    lines = list(kill_table.overview(matrix.document([row(("AUT-003", Verdict.FAILED))], []), render))
    assert lines[0] == "AUT-003/fact: catches 1, 1 of them alone"
    assert lines[1].split()[:2] == ["●", "forgets"]


def test_a_selection_is_of_the_named_requirement_or_of_all() -> None:
    assert worker_pool.Order(False, 1, 1, None).selection(MUTANT) == Selection(
        ids=("AUT-003",), in_full=frozenset({"AUT-003"})
    )
    assert worker_pool.Order(True, 1, 1, None, 2).selection(MUTANT).most == 2
    assert worker_pool.Order(False, 1, 1, None).selection(matrix.OBEYS).ids == ()


ORDER = worker_pool.Order(True, 1, 1, None)


def test_what_is_unchanged_is_not_examined_again(tmp_path: Path) -> None:
    file, found = tmp_path / "cache.json", row(("AUT-003", Verdict.FAILED))
    Cache(file, "standard", ORDER).keep(MUTANT, found)
    assert list(Cache(file, "standard", ORDER).known([MUTANT])) == [found]


@pytest.mark.parametrize(
    ("mutant", "standard", "order"),
    [
        (replace(MUTANT, digest="another program"), "standard", ORDER),
        (replace(MUTANT, also={}), "standard", ORDER),
        (MUTANT, "another", ORDER),
        (MUTANT, "standard", replace(ORDER, all_checks=False)),
        (MUTANT, "standard", replace(ORDER, most=1)),
    ],
)
def test_what_changed_is_examined_again(
    mutant: Mutant, standard: str, order: worker_pool.Order, tmp_path: Path
) -> None:
    file = tmp_path / "cache.json"
    Cache(file, "standard", ORDER).keep(MUTANT, row(("AUT-003", Verdict.FAILED)))
    assert list(Cache(file, standard, order).known([mutant])) == []


def test_what_is_wrong_is_examined_again(tmp_path: Path) -> None:
    file = tmp_path / "cache.json"
    Cache(file, "standard", ORDER).keep(MUTANT, row(("AUT-003", Verdict.PASSED)))
    assert not file.exists()


def test_an_unreadable_cache_is_forgotten(tmp_path: Path) -> None:
    for text in ("", "[]", "{"):
        (tmp_path / "cache.json").write_text(text)
        assert list(Cache(tmp_path / "cache.json", "standard", ORDER).known([MUTANT])) == []


def test_mutants_tell_of_what_they_consist() -> None:
    """Equal digests for mutants of one module, others elsewhere: an edit of one module leaves the others."""
    digests = {mutant.name: mutant.digest for mutant in mutants()}
    assert len(digests["names_are_cut"]) == 64
    assert digests["names_are_cut"] == digests["institutions_lift_suspensions"]
    assert digests["names_are_cut"] != digests["everything_is_fresh"]
    assert {variant.requirement for variant in variants()} == {""}


SWEEP = {"ok": True, "cells": [], "core_seconds": 1.5}
"""Document of a sweep of the disclosure matrix."""


def test_a_sweep_is_remembered_beside_the_rows(tmp_path: Path) -> None:
    file = tmp_path / "cache.json"
    cache = Cache(file, "standard", ORDER)
    cache.keep(MUTANT, row(("AUT-003", Verdict.FAILED)))
    cache.keep_sweep("platform", SWEEP)
    reread = Cache(file, "standard", ORDER)
    assert reread.known_sweep("platform") == SWEEP
    assert list(reread.known([MUTANT]))


def test_a_sweep_of_another_platform_or_standard_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "cache.json"
    Cache(file, "standard", ORDER).keep_sweep("platform", SWEEP)
    assert Cache(file, "standard", ORDER).known_sweep("another") is None
    assert Cache(file, "another", ORDER).known_sweep("platform") is None


def test_a_sweep_that_missed_something_is_not_remembered(tmp_path: Path) -> None:
    file = tmp_path / "cache.json"
    Cache(file, "standard", ORDER).keep_sweep("platform", {**SWEEP, "ok": False})
    assert Cache(file, "standard", ORDER).known_sweep("platform") is None


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Each row is on disk before the next platform starts, and a write that breaks off destroys none."""
    file = tmp_path / "cache.json"
    first, second = MUTANT, replace(MUTANT, name="forgets more")
    Cache(file, "standard", ORDER).keep(first, row(("AUT-003", Verdict.FAILED)))
    file.with_name("cache.json.part").write_text('{"half', "utf-8")
    resumed = Cache(file, "standard", ORDER)
    assert [found.mutant for found in resumed.known([first, second])] == ["forgets"]
    resumed.keep(second, replace(row(("AUT-003", Verdict.FAILED)), mutant="forgets more"))
    assert len(list(Cache(file, "standard", ORDER).known([first, second]))) == 2
