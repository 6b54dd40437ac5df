"""The program `fcsp`: each file of the package is a command, each package in it a group of commands.

A command is loaded when it is called or asked for its help. Its line in the list of commands is the message
`cli.command_<name>`; the order of these messages is the order of the list.
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.completion import shell_complete
from typer.core import TyperCommand, TyperGroup

from conformance.cli.shared.click_api import Command, CompletionItem, Context, HelpFormatter, completion_init
from conformance.cli.shared.help_page import Row, language_of, set_language, write_help
from conformance.cli.shared.language import help_messages, help_text, is_language, language
from conformance.cli.shared.usage import UnexpectedArgumentsError, UnknownCommandError
from conformance.cli.shared.versions import print_versions
from conformance.model.errors import USAGE

NAME = "fcsp"
COMPLETION_VARIABLE = "_FCSP_COMPLETE"
"""Set by the scripts of `fcsp completion` when the shell asks for completions."""
_SETTINGS = {"help_option_names": ["-h", "--help"], "allow_extra_args": True}
_ROOT = Path(__file__).parents[1]
_PACKAGE = "conformance.cli"
_NOT_COMMANDS = frozenset({"__init__", "__pycache__", "shared"})


class LeafCommand(TyperCommand):
    """A command with its help in the language of the reader."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Raises UnexpectedArgumentsError for words that no parameter takes."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UnexpectedArgumentsError(ctx.command_path, rest)
        return rest

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        write_help(self, ctx, formatter)


class LazyGroup(TyperGroup):
    """The commands of one package, each loaded when it is needed."""

    path: tuple[str, ...] = ()
    """Names of the groups that lead here."""

    def list_commands(self, ctx: Context) -> list[str]:
        del ctx
        return _command_names(self.path)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        path = (*self.path, cmd_name)
        return _group(path) if _folder(path).is_dir() else _leaf(path)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Raises UnknownCommandError for a word that is not a command."""
        command = self.get_command(ctx, args[0])
        if command is None:
            raise UnknownCommandError(ctx.command_path, args[0], self.list_commands(ctx))
        return args[0], command, args[1:]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Shows the help where no command is named. `--lang` before a command holds for it, too."""
        if ctx.parent is None:
            set_language(ctx, language(args))
        args = _without_language(args)
        rest = super().parse_args(ctx, args)
        if not ctx._protected_args and not ctx.resilient_parsing:  # noqa: SLF001 - where click keeps the command
            sys.stderr.write(ctx.get_help() + "\n")
            ctx.exit(USAGE)
        return rest

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        write_help(self, ctx, formatter, self._rows(ctx))

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        rows = [row for row in self._rows(ctx) if row[0].startswith(incomplete)]
        options = super(TyperGroup, self).shell_complete(ctx, incomplete)
        return [*(CompletionItem(name, help=line) for name, line in rows), *options]

    def _rows(self, ctx: Context) -> list[Row]:
        names = self.list_commands(ctx)
        return [(name, help_text(language_of(ctx), _help_key((*self.path, name)))) for name in names]


def build() -> typer.Typer:
    """The program as an application of typer."""
    app = typer.Typer(
        name=NAME, cls=LazyGroup, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    app.callback(help="command", context_settings=_SETTINGS)(_root)
    return app


def run_program() -> None:
    """Run the command line of the process, or answer the shell that asks for completions."""
    command = typer.main.get_command(build())
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        completion_init()
        sys.exit(shell_complete(command, {}, NAME, COMPLETION_VARIABLE, instruction))
    with command.make_context(NAME, sys.argv[1:]) as ctx:
        command.invoke(ctx)


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="option_version", is_eager=True, callback=print_versions)
    ] = False,
) -> None:
    del version


def _without_language(args: list[str]) -> list[str]:
    """The words without a `--lang` before the command, which is left in the environment for the command."""
    for place, word in enumerate(args):
        for end in (place + 1, place + 2):
            if is_language(args[place:end]):
                os.environ["FCSP_LANG"] = language(args[place:end])
                return args[:place] + args[end:]
        if not word.startswith("-"):
            break
    return args


def _folder(path: tuple[str, ...]) -> Path:
    return _ROOT.joinpath(*path)


def _help_key(path: tuple[str, ...]) -> str:
    return f"command_{'_'.join(path)}"


def _command_names(path: tuple[str, ...]) -> list[str]:
    """Commands and groups of a package, in the order of their messages; the others by name after them."""
    entries = (entry for entry in _folder(path).iterdir() if entry.suffix == ".py" or entry.is_dir())
    names = {entry.stem for entry in entries} - _NOT_COMMANDS
    order = {key: place for place, key in enumerate(help_messages().templates)}

    def place(name: str) -> tuple[int, str]:
        return order.get(f"cli.{_help_key((*path, name))}", len(order)), name

    return sorted(names, key=place)


def command_paths(path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command and group, without `fcsp`."""
    for name in _command_names(path):
        yield (*path, name)
        if _folder((*path, name)).is_dir():
            yield from command_paths((*path, name))


def _leaf(path: tuple[str, ...]) -> Command:
    """The function `command` of the module, as a command of click."""
    module = import_module(".".join((_PACKAGE, *path)))
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    settings = {**_SETTINGS, "obj": None}
    app.command(path[-1], cls=LeafCommand, help=_help_key(path), context_settings=settings)(module.command)
    return typer.main.get_command(app)


def _group(path: tuple[str, ...]) -> LazyGroup:
    group = LazyGroup(
        name=path[-1], help=_help_key(path), rich_markup_mode=None, context_settings=dict(_SETTINGS)
    )
    group.path = path
    return group
