"""`fcsp completion`: the script with which a shell completes the commands and options of `fcsp`."""

from enum import StrEnum
from typing import Annotated

import typer

from conformance.cli.shared.click_api import get_completion_script
from conformance.cli.shared.options import LangOption
from conformance.cli.shared.program import COMPLETION_VARIABLE, NAME
from conformance.cli.shared.voice import Voice


class Shell(StrEnum):
    """A shell with completion."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


ShellArgument = Annotated[Shell, typer.Argument(metavar="SHELL", help="argument_shell")]


def command(lang: LangOption, shell: ShellArgument) -> None:
    script = get_completion_script(prog_name=NAME, complete_var=COMPLETION_VARIABLE, shell=shell)
    Voice(lang).line(script)
