"""The help of a command in one language: usage, what it does, arguments, options and commands."""

from collections.abc import Iterable
from typing import TypeAlias

from typer.core import TyperArgument, TyperOption

from conformance.cli.shared.click_api import Command, Context, HelpFormatter, Parameter
from conformance.cli.shared.language import help_text
from conformance.cli.shared.usage import parameter_name
from conformance.model.text import Lang

Row: TypeAlias = tuple[str, str]
"""The left and the right column of a definition list."""
_LANG = "fcsp.lang"
_PLACEHOLDERS = {int: "N", float: "X"}
_HELP_OPTION = "help"


def set_language(ctx: Context, lang: Lang) -> None:
    """Fix the language of the help of this command and of the commands below it."""
    ctx.meta[_LANG] = lang


def language_of(ctx: Context) -> Lang:
    """The language that `set_language` fixed, else English."""
    return Lang(ctx.meta.get(_LANG, Lang.EN))


def write_help(
    command: Command, ctx: Context, formatter: HelpFormatter, commands: Iterable[Row] = ()
) -> None:
    """Write the whole page; `commands` are the names and help lines of the commands of a group."""
    lang, rows = language_of(ctx), list(commands)
    parameters = command.get_params(ctx)
    pieces = [help_text(lang, "help_options_placeholder"), *map(_usage_piece, _arguments(parameters))]
    if rows:
        pieces.append(help_text(lang, "help_command_placeholder"))
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=help_text(lang, "help_usage"))
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(help_text(lang, str(command.help)))
    _write_section(
        formatter, help_text(lang, "help_arguments"), [_row(p, lang) for p in _arguments(parameters)]
    )
    options = [p for p in parameters if isinstance(p, TyperOption) and not p.hidden]
    _write_section(formatter, help_text(lang, "help_options"), [_row(p, lang) for p in options])
    _write_section(formatter, help_text(lang, "help_commands"), rows)


def _write_section(formatter: HelpFormatter, title: str, rows: list[Row]) -> None:
    if rows:
        formatter.write_paragraph()
        formatter.write(title + "\n")
        with formatter.indentation():
            formatter.write_dl(rows)


def _arguments(parameters: Iterable[Parameter]) -> list[TyperArgument]:
    return [parameter for parameter in parameters if isinstance(parameter, TyperArgument)]


def _usage_piece(argument: TyperArgument) -> str:
    name = parameter_name(argument)
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs != 1 else "")


def _row(parameter: TyperArgument | TyperOption, lang: Lang) -> Row:
    if isinstance(parameter, TyperArgument):
        left = _usage_piece(parameter)
    else:
        spellings = ", ".join(sorted(parameter.opts, key=len))
        left = spellings if parameter.is_flag else f"{spellings} {_placeholder(parameter)}"
    key = "help_help" if parameter.name == _HELP_OPTION else str(parameter.help)
    remarks = help_text(lang, "help_separator").join(_remarks(parameter, lang))
    return left, help_text(lang, key) + (f" [{remarks}]" if remarks else "")


def _placeholder(option: TyperOption) -> str:
    if option.metavar:
        return option.metavar
    described = option.type_descriptor
    if described.choices:
        return "|".join(str(choice) for choice in described.choices)
    return _PLACEHOLDERS.get(described.annotation, str(option.name).upper())


def _remarks(parameter: TyperArgument | TyperOption, lang: Lang) -> Iterable[str]:
    """What stands in brackets: default, range, environment variable, and that a value is needed."""
    default = parameter.default
    if default not in (None, False, "") and not callable(default):
        yield help_text(lang, "help_default", value=default)
    if parameter.max is not None:
        yield help_text(lang, "expected_range", low=parameter.min, high=parameter.max)
    if isinstance(parameter.envvar, str):
        yield help_text(lang, "help_variable", name=parameter.envvar)
    if parameter.required:
        yield help_text(lang, "help_required")
