"""`fcsp data`: data for platforms and providers."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.check_files import check
from conformance.cli.mask import mask
from conformance.cli.options import Force, LangOption, Nonce, Seed, StandardOption
from conformance.cli.scan import scan

Folder = Annotated[Path, typer.Option("--output", metavar="DIR", help="写到此目录 · Write into DIR.")]
ForTarget = Annotated[
    Path, typer.Option("--for-target", metavar="FILE", help="被测平台的描述 · target.toml of the platform.")
]


def build() -> typer.Typer:
    app = typer.Typer(help="数据 · Data.", no_args_is_help=True, rich_markup_mode=None)
    app.command("check", help="检查文件是否符合标准 · Check files of any size against the standard.")(check)
    app.command("mask", help="按受众和授权脱敏文件 · Disclose files for an audience.")(mask)
    app.command("scan", help="在文件中查找已知的敏感值 · Look for known sensitive values in files.")(scan)
    app.command("synth", help="生成供平台预装的数据集 · Make the data set that a platform loads.")(synth)
    return app


def synth(
    lang: LangOption,
    for_target: ForTarget,
    output: Folder,
    seed: Seed = 0,
    nonce: Nonce = None,
    standard: StandardOption = None,
    force: Force = False,
) -> None:
    import secrets

    from conformance.cli.failure import Failure
    from conformance.cli.judging import judges
    from conformance.cli.opening import day
    from conformance.cli.speak import Voice
    from conformance.data import export
    from conformance.loader import load_standard, load_target
    from conformance.model.text import Lang, Message

    if output.exists() and any(output.iterdir()) and not force:
        raise Failure("set_exists", folder=str(output))
    if not for_target.is_file():
        raise Failure("no_target", file=str(for_target))
    voice, loaded = Voice(lang), load_standard(standard)
    target = load_target(for_target, standard, with_data=False)
    checks, monitors = judges(loaded)
    about = [voice.messages.render(Message("data.about"), each) for each in (Lang.ZH, Lang.EN)]
    made = export(
        output,
        loaded,
        target,
        checks,
        monitors,
        seed=seed,
        set_id=nonce or secrets.token_hex(8),
        day=day(None),
        about="\n\n".join(about),
    )
    voice.say("set_written", folder=made.folder, records=made.records, items=made.items)
