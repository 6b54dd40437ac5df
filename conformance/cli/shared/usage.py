"""Usage errors as messages: which option or argument is wrong, and what is expected in its place."""

from difflib import get_close_matches

from typer.core import TyperArgument, TyperOption

from conformance.cli.shared.click_api import (
    BadOptionUsage,
    BadParameter,
    Context,
    MissingParameter,
    NoSuchOption,
    Parameter,
    UsageError,
)
from conformance.model.errors import UserError
from conformance.model.text import Message

_UNBOUNDED = "∞"


class UnknownCommandError(UserError):
    """A word that names no command of a group."""

    def __init__(self, group: str, word: str, names: list[str]) -> None:
        near = get_close_matches(word, names) or names
        args = {"command": f"{group} {word}", "near": near, "help": f"{group} --help"}
        super().__init__(Message("cli.usage_command", args))


class UnexpectedArgumentsError(UserError):
    """More words than a command takes."""

    def __init__(self, command: str, words: list[str]) -> None:
        args = {"words": words, "help": f"{command} --help"}
        super().__init__(Message("cli.usage_arguments", args))


def usage_message(error: UsageError) -> Message:
    """The message for what the parser refused."""
    command = error.ctx.command_path if error.ctx else "fcsp"
    return Message("cli.usage", {"problem": _problem(error), "help": f"{command} --help"})


def _problem(error: UsageError) -> Message:
    match error:
        case MissingParameter(param=Parameter() as parameter):
            return Message("cli.usage_missing", {"name": parameter_name(parameter)})
        case BadParameter(param=Parameter() as parameter):
            args = {
                "name": parameter_name(parameter),
                "value": _value(error),
                "expected": _expected(parameter),
            }
            variable = _variable(parameter, error.ctx)
            return (
                Message("cli.usage_variable", {**args, "variable": variable})
                if variable
                else _bad_value(args)
            )
        case NoSuchOption(option_name=name, possibilities=near):
            key = "cli.usage_option_near" if near else "cli.usage_option"
            return Message(key, {"name": name, "near": sorted(near or ())})
        case BadOptionUsage(option_name=name):
            return Message("cli.usage_option_value", {"name": name})
    return Message("cli.usage_other", {"error": error.format_message()})


def _bad_value(args: dict[str, object]) -> Message:
    return Message("cli.usage_value", args)


def parameter_name(parameter: Parameter) -> str:
    """An option by its longest spelling, an argument by its placeholder."""
    if isinstance(parameter, TyperOption):
        return max(parameter.opts, key=len)
    return parameter.metavar or str(parameter.name).upper()


def _value(error: BadParameter) -> str:
    """The refused text, as pydantic keeps it."""
    from pydantic import ValidationError

    cause = error.__cause__
    return str(cause.errors()[0]["input"]) if isinstance(cause, ValidationError) else "?"


def _variable(parameter: Parameter, ctx: Context | None) -> str | None:
    """The environment variable that a value came from; None for the command line."""
    source = ctx.get_parameter_source(str(parameter.name)) if ctx else None
    if source is None or source.name != "ENVIRONMENT" or not isinstance(parameter.envvar, str):
        return None
    return parameter.envvar


def _expected(parameter: Parameter) -> Message:
    if not isinstance(parameter, TyperOption | TyperArgument):
        return Message("cli.expected_text")
    described = parameter.type_descriptor
    if described.choices:
        return Message("cli.expected_choice", {"choices": [str(choice) for choice in described.choices]})
    kind = "integer" if described.annotation is int else "number" if described.annotation is float else "text"
    if parameter.min is None and parameter.max is None:
        return Message(f"cli.expected_{kind}")
    low = "-" + _UNBOUNDED if parameter.min is None else parameter.min
    high = _UNBOUNDED if parameter.max is None else parameter.max
    return Message("cli.expected_range", {"low": low, "high": high})
