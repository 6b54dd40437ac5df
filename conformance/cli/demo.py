"""`fcsp demo`: the whole suite against the reference platform, from nothing."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.cli.shared.options import AsOf, Jobs, LangOption, Seed, Smoke, StandardOption

Folder = Annotated[
    Path, typer.Option("--output", metavar="DIR", help="演示目录 · Folder of the demonstration.")
]


def register(app: typer.Typer) -> None:
    app.command("demo", help="启动参考平台并完整测试 · Start the reference platform and test it.")(demo)


def demo(
    lang: LangOption,
    output: Folder = Path("demo-run"),
    standard: StandardOption = None,
    seed: Seed = 0,
    jobs: Jobs = 4,
    smoke: Smoke = False,
    as_of: AsOf = None,
) -> None:
    from conformance.cli.shared.inputs import chosen, day
    from conformance.cli.shared.one_run import Order, report
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard
    from conformance.selftest.process import end_on_signals, reference_platform
    from conformance.selftest.trial import reference_arguments, reference_wish
    from conformance.workspace import aim, create

    end_on_signals()
    loaded, voice = load_standard(standard), Voice(lang)
    wish = reference_wish(loaded)
    today = day(as_of)
    loaded = loaded.on(today, wish.division)
    workspace = create(output, wish, loaded, force=True)
    voice.note("demo_starting")
    with reference_platform(reference_arguments(workspace, standard, today)) as address:
        aim(workspace, address, wish, loaded)
        voice.note("demo_listening", address=address)
        selection, nonce = chosen(None, loaded, most=1 if smoke else None), secrets.token_hex(8)
        order = Order(selection, seed, nonce, today, jobs, False, workspace.folder / "runs")
        finished, folder = _judged(workspace, loaded, order, voice)
    report(finished, folder, loaded, voice)
    voice.say("demo_done", code=finished.exit_code)
    raise typer.Exit(finished.exit_code)


def _judged(workspace: Any, standard: Any, order: Any, voice: Any) -> Any:
    from conformance.cli.doctor import consult
    from conformance.cli.shared.one_run import execute
    from conformance.loader import load_target

    target = load_target(workspace.target)
    if consult(standard, target, voice) is not None:
        raise typer.Exit(2)
    return execute(standard, target, order, voice)
