"""`fcsp init` and `fcsp doctor`: before a run."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.options import (
    DEFAULT_TARGET,
    Force,
    LangOption,
    ProfileOption,
    StandardOption,
    TargetOption,
)


def register(app: typer.Typer) -> None:
    app.command(
        "init", help="生成 target.toml、测试密钥和 trust.json · Write target.toml, test keys and trust.json."
    )(init)
    app.command("doctor", help="检查配置是否可用 · Check that the configuration works.")(doctor)


def init(
    lang: LangOption,
    base_url: Annotated[
        str, typer.Option("--base-url", help="平台根地址 · Root of the platform.")
    ] = "https://platform.example.invalid",
    directory: Annotated[
        Path, typer.Option("--directory", metavar="DIR", help="写到此目录 · Write into DIR.")
    ] = Path(),
    profile: ProfileOption = "provincial",
    division: Annotated[str, typer.Option("--division", help="区划代码 · Division code.")] = "990000",
    capability: Annotated[
        list[str] | None, typer.Option("--capability", help="声明的能力 · Capability claimed.")
    ] = None,
    provider_listen: Annotated[
        str,
        typer.Option(
            "--provider-listen", metavar="HOST:PORT", help="套件扮演数据来源的监听地址 · Where to listen."
        ),
    ] = "127.0.0.1:8473",
    provider_url: Annotated[
        str | None,
        typer.Option(
            "--provider-url", metavar="URL", help="平台访问该来源的地址 · Its address for the platform."
        ),
    ] = None,
    standard: StandardOption = None,
    force: Force = False,
) -> None:
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard
    from conformance.workspace import Wish, WorkspaceExists, create

    loaded = load_standard(standard)
    if profile not in loaded.profiles:
        raise Failure("unknown_profile", profile=profile, known=sorted(loaded.profiles))
    wish = Wish(
        base_url,
        profile,
        "test",
        division,
        tuple(capability or ()),
        provider_listen=provider_listen,
        provider_url=(provider_url or f"http://{provider_listen}").rstrip("/"),
    )
    try:
        made = create(directory, wish, loaded, force=force)
    except WorkspaceExists as error:
        raise Failure("workspace_exists", files=[str(path) for path in error.paths]) from None
    Voice(lang).say("init_done", target=made.target, keys=made.keys, trust=made.trust)


def doctor(lang: LangOption, target: TargetOption = DEFAULT_TARGET, standard: StandardOption = None) -> None:
    from conformance.cli.doctor import consult
    from conformance.cli.shared.inputs import open_target
    from conformance.cli.shared.voice import Voice

    loaded, described = open_target(target, standard)
    if consult(loaded, described, Voice(lang)) is not None:
        raise typer.Exit(2)
