"""The commands of `fcsp`. Every command imports what it needs when it runs, so that help is quick."""

import typer

from conformance.cli import compare, demo, explain, gap, init, run, selftest
from conformance.cli.data import synth
from conformance.cli.standard import lint


def build() -> typer.Typer:
    app = typer.Typer(
        name="fcsp",
        help="融资信用服务平台符合性测试 · Conformance suite for financing-credit service platforms.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help starts in half the time
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(root)
    for module in (init, run, compare, explain, gap, demo, selftest):
        module.register(app)
    app.add_typer(lint.build(), name="standard")
    app.add_typer(synth.build(), name="data")
    return app


def root(
    version: bool = typer.Option(False, "--version", help="版本 · Version.", is_eager=True),
) -> None:
    if version:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            typer.echo(f"fcsp {installed('fcsp')}")
        except PackageNotFoundError:
            typer.echo("fcsp (checkout)")
        raise typer.Exit
