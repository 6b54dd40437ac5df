"""`fcsp list`: the requirements of the standard, without a platform."""

from typing import Annotated

import typer

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard

PartArgument = Annotated[str | None, typer.Argument(metavar="PART", help="argument_part")]
ProfilesOption = Annotated[bool, typer.Option("--profiles", help="option_profiles")]


def command(
    lang: LangOption,
    part: PartArgument = None,
    profiles: ProfilesOption = False,
    folder: StandardOption = None,
) -> None:
    standard, voice = load_standard(folder), Voice(lang)
    if profiles:
        for profile in standard.profiles.values():
            voice.line(f"{profile.id:<12} {profile.title.in_(lang)}")
        return
    requirements = [r for r in standard.requirements.values() if part in {None, r.part, r.id[:3]}]
    if not requirements:
        raise CommandError(
            "unknown_part", part=part, known=sorted({r.part for r in standard.requirements.values()})
        )
    for requirement in requirements:
        level = voice.text(f"level_{requirement.level}")
        voice.line(f"{requirement.id}  {level:<6}  {requirement.sentence.in_(lang)}")
