"""`fcsp init`: the files that a vendor starts with."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.inputs import require_base_url, require_division
from conformance.cli.shared.options import ForceOption, LangOption, StandardOption
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard
from conformance.workspace import WorkspaceExists, create
from conformance.workspace.options import WorkspaceOptions

BaseUrlOption = Annotated[
    str, typer.Option("--base-url", metavar="URL", help="option_base_url", envvar="FCSP_BASE_URL")
]
DirectoryOption = Annotated[Path, typer.Option("--directory", metavar="DIR", help="option_directory")]
ProfileOption = Annotated[str, typer.Option("--profile", metavar="ID", help="option_profile")]
PlatformDivisionOption = Annotated[
    str, typer.Option("--division", metavar="CODE", help="option_platform_division")
]
CapabilityOption = Annotated[
    list[str] | None, typer.Option("--capability", metavar="ID", help="option_capability")
]
ListenOption = Annotated[
    str, typer.Option("--provider-listen", metavar="HOST:PORT", help="option_provider_listen")
]
ProviderUrlOption = Annotated[
    str | None, typer.Option("--provider-url", metavar="URL", help="option_provider_url")
]


def command(
    lang: LangOption,
    base_url: BaseUrlOption = "https://platform.example.invalid",
    directory: DirectoryOption = Path(),
    profile: ProfileOption = "provincial",
    division: PlatformDivisionOption = "990000",
    capability: CapabilityOption = None,
    provider_listen: ListenOption = "127.0.0.1:8473",
    provider_url: ProviderUrlOption = None,
    folder: StandardOption = None,
    force: ForceOption = False,
) -> None:
    standard = load_standard(folder)
    require_base_url(base_url)
    require_division(standard, division)
    if profile not in standard.profiles:
        raise CommandError("unknown_profile", profile=profile, known=sorted(standard.profiles))
    options = WorkspaceOptions(
        base_url,
        profile,
        "test",
        division,
        tuple(capability or ()),
        provider_listen=provider_listen,
        provider_url=(provider_url or f"http://{provider_listen}").rstrip("/"),
    )
    try:
        workspace = create(directory, options, standard, force=force)
    except WorkspaceExists as error:
        raise CommandError("workspace_exists", files=[str(path) for path in error.paths]) from None
    Voice(lang).say("init_done", target=workspace.target, keys=workspace.keys, trust=workspace.trust)
