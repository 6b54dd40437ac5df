"""`fcsp --version`: versions of the suite, of the standard and of its checklist."""

import os
import sys
from pathlib import Path

import typer

from conformance.cli.shared.help_page import language_of
from conformance.cli.shared.language import help_text


def print_versions(ctx: typer.Context, value: bool) -> None:
    """Callback of the option: print and end with exit code 0. Raises StandardErrors."""
    if not value or ctx.resilient_parsing:
        return
    from conformance.loader import load_standard
    from conformance.runner.conclude import suite_version

    folder = os.environ.get("FCSP_STANDARD")
    standard = load_standard(Path(folder) if folder else None)
    versions = {
        "suite": suite_version(),
        "standard": standard.version,
        "checklist": standard.checklist.version,
    }
    sys.stdout.write(help_text(language_of(ctx), "versions", **versions) + "\n")
    raise typer.Exit
