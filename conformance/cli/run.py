"""`fcsp plan`, `fcsp run` and `fcsp rejudge`."""

import secrets
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.cli.shared.options import (
    DEFAULT_OUTPUT,
    DEFAULT_TARGET,
    AsOf,
    Jobs,
    LangOption,
    Nonce,
    Output,
    ReadOnly,
    Seed,
    Selected,
    Smoke,
    StandardOption,
    TargetOption,
)

OnlyFailed = Annotated[
    bool, typer.Option("--only-failed", help="只重测上次未通过的 · Only what did not pass last time.")
]


Compared = Annotated[
    Path | None,
    typer.Option(
        "--compare",
        metavar="RUN",
        help="与此次运行比较，默认上一次 · Compare with this run (default: the one before).",
    ),
]


def register(app: typer.Typer) -> None:
    app.command("plan", help="将测什么、为什么 · What a run would do, and why.")(plan)
    app.command("run", help="测试平台 · Test the platform.")(run)
    app.command("rejudge", help="不连平台，重新判定一次运行 · Judge a recorded run again.")(rejudge)


def plan(
    lang: LangOption,
    ids: Selected = None,
    target: TargetOption = DEFAULT_TARGET,
    standard: StandardOption = None,
    as_of: AsOf = None,
    smoke: Smoke = False,
) -> None:
    from conformance.cli.shared.inputs import chosen, day, open_target
    from conformance.cli.shared.one_run import judges
    from conformance.cli.shared.voice import Voice
    from conformance.runner import Settings
    from conformance.runner import plan as make

    loaded, described = open_target(target, standard, as_of)
    selection = chosen(ids, loaded, most=1 if smoke else None)
    planned = make(loaded, described, *judges(loaded), selection, settings=Settings(0, "plan", day(as_of)))
    _show(planned.planned, loaded, Voice(lang))


def _show(planned: Any, standard: Any, voice: Any) -> None:
    """One line for each requirement: how many cases, or why none."""
    counted = Counter(entry.case.requirement for entry in planned if entry.verdict is None)
    decided = {entry.case.requirement: entry for entry in planned if entry.verdict}
    for id_ in dict.fromkeys(entry.case.requirement for entry in planned):
        entry = decided.get(id_)
        why = f"{entry.verdict}: {voice.render(entry.why)}" if entry and entry.why else ""
        voice.line(
            f"{id_}  {counted[id_] or '-':>4}  {why or standard.requirements[id_].sentence.in_(voice.lang)}"
        )
    voice.say("plan_total", cases=counted.total(), requirements=len(counted), decided=len(decided))


def run(
    lang: LangOption,
    ids: Selected = None,
    target: TargetOption = DEFAULT_TARGET,
    standard: StandardOption = None,
    output: Output = DEFAULT_OUTPUT,
    only_failed: OnlyFailed = False,
    smoke: Smoke = False,
    read_only: ReadOnly = False,
    seed: Seed = 0,
    nonce: Nonce = None,
    as_of: AsOf = None,
    jobs: Jobs = 4,
    compare: Compared = None,
) -> None:
    from conformance.cli.compare import named_run
    from conformance.cli.doctor import consult
    from conformance.cli.shared.inputs import chosen, day, open_target
    from conformance.cli.shared.one_run import Order, execute, report
    from conformance.cli.shared.voice import Voice

    previous = named_run(compare) if compare else None
    loaded, described = open_target(target, standard, as_of)
    only = _only(output) if only_failed else None
    selection = chosen(ids, loaded, most=1 if smoke else None, only=only)
    order = Order(selection, seed, _nonce(nonce), day(as_of), jobs, read_only, output)
    _guard_production(described, read_only=read_only)
    voice = Voice(lang)
    if consult(loaded, described, voice, quiet=True) is not None:
        raise typer.Exit(2)
    finished, folder = execute(loaded, described, order, voice)
    report(finished, folder, loaded, voice, previous)
    raise typer.Exit(finished.exit_code)


def _only(output: Path) -> frozenset[str]:
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.run_folder import last_failed

    failed = last_failed(output)
    if failed is None:
        raise Failure("no_last_run", output=str(output))
    if not failed:
        raise Failure("nothing_failed", output=str(output))
    return failed


def _nonce(given: str | None) -> str:
    from conformance.cli.shared.errors import Failure

    if given is not None and not (given.isascii() and given.isalnum() and len(given) <= 64):
        raise Failure("bad_nonce", value=given)
    return given or secrets.token_hex(8)


def _guard_production(target: Any, *, read_only: bool) -> None:
    from conformance.cli.shared.errors import Failure

    if target.environment == "production" and not read_only:
        raise Failure("production_refused", url=target.base_url)


def rejudge(
    lang: LangOption,
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="运行的目录 · Folder of a run.")],
    standard: StandardOption = None,
) -> None:
    from conformance.cli.rejudge import judged_again
    from conformance.cli.shared.one_run import judges, report
    from conformance.cli.shared.run_folder import read_result
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard

    loaded = load_standard(standard)
    finished, loaded = judged_again(folder, loaded, *judges(loaded))
    report(finished, folder / f"rejudged-{loaded.digest[:8]}", loaded, Voice(lang), read_result(folder))
    raise typer.Exit(finished.exit_code)
