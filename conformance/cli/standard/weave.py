"""`fcsp standard weave`: woven text and generated pages, brought up to date."""

from typing import Annotated

import typer

from conformance.authoring import update, weave
from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.schemas import published_schemas
from conformance.cli.shared.traces import judges_by_requirement, mutants_by_requirement
from conformance.cli.shared.voice import Voice
from conformance.loader import is_bundle, load_standard, root

CheckOption = Annotated[bool, typer.Option("--check", help="option_weave_check")]


def command(lang: LangOption, check: CheckOption = False, folder: StandardOption = None) -> None:
    voice, standard_root = Voice(lang), root(folder)
    if not check and is_bundle(standard_root):
        raise CommandError("weave_installed", folder=str(standard_root))
    judges = judges_by_requirement(load_standard(standard_root))
    stale = update(standard_root, published_schemas(), write=not check)
    stale += weave(standard_root, not check, checks=judges, mutants=mutants_by_requirement())
    for path in stale:
        voice.line(path)
    voice.say("weave_stale" if stale and check else "weave_done", count=len(stale))
    raise typer.Exit(1 if stale and check else 0)
