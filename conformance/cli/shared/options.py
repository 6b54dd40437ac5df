"""The options that several commands share. `help` is the key of a message of the area `cli`."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.language import default_lang
from conformance.model.text import Lang

LangOption = Annotated[Lang, typer.Option("--lang", help="option_lang", default_factory=default_lang)]
StandardOption = Annotated[
    Path | None,
    typer.Option("--standard", metavar="DIR", help="option_standard", envvar="FCSP_STANDARD"),
]
TargetOption = Annotated[
    Path, typer.Option("--target", metavar="FILE", help="option_target", envvar="FCSP_TARGET")
]
SelectionArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ID|PART", help="argument_selection", show_default=False)
]
DivisionOption = Annotated[str, typer.Option("--division", metavar="CODE", help="option_division")]
ForceOption = Annotated[bool, typer.Option("--force", help="option_force")]
SmokeOption = Annotated[bool, typer.Option("--smoke", help="option_smoke")]
SeedOption = Annotated[int, typer.Option("--seed", help="option_seed", envvar="FCSP_SEED")]
NonceOption = Annotated[
    str | None, typer.Option("--nonce", metavar="TEXT", help="option_nonce", envvar="FCSP_NONCE")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="option_as_of", envvar="FCSP_AS_OF")
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, max=64, help="option_jobs", envvar="FCSP_JOBS")]
RunsOption = Annotated[
    Path, typer.Option("--output", metavar="DIR", help="option_runs", envvar="FCSP_OUTPUT")
]
WaitOption = Annotated[
    str | None, typer.Option("--wait", metavar="DURATION", help="option_wait", envvar="FCSP_WAIT")
]

DEFAULT_TARGET = Path("target.toml")
DEFAULT_RUNS = Path("runs")
