"""The options that commands about files share."""

from enum import StrEnum
from typing import Annotated

import typer

PathsArgument = Annotated[list[str], typer.Argument(metavar="PATH", help="argument_paths")]
ItemOption = Annotated[str | None, typer.Option("--item", metavar="CODE", help="option_item")]


class Engine(StrEnum):
    """Where rows are judged; `auto` is Spark if a master is given."""

    AUTO = "auto"
    LOCAL = "local"
    SPARK = "spark"
