"""`python -m reference_impl.harness`: platforms for the self-test.

Wrong ones, ones that obey in another style, on another day or with changed cells of the disclosure matrix,
and many of them from one process.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any

from starlette.types import ASGIApp

from reference_impl import command, mutants
from reference_impl.clock import on_day
from reference_impl.groups import Parts
from reference_impl.harness import fork_server, listing, matrix_mutants
from reference_impl.knowledge import Knowledge
from reference_impl.platform import Composition
from reference_impl.settings import Settings
from reference_impl.standard import root
from reference_impl.variants import VARIANTS

SERVER_MODULES = ("uvicorn.protocols.http.httptools_impl", "uvicorn.loops.uvloop")
"""Modules that the server imports only when it starts."""


def main(arguments: Sequence[str] | None = None, knowledge: Knowledge | None = None) -> int:
    """Serve or list platforms. `knowledge` is the standard that a warm process has read already."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.serve_many:
        _serve_many(parser, options)
    elif options.list_mutants:
        _print(listing.mutants)
    elif options.list_variants:
        _print(listing.variants)
    else:
        _require_known(parser, "mutant", options.mutant, mutants.collect)
        _require_known(parser, "variant", options.variant, lambda: VARIANTS)
        if options.day is not None and options.environment != "test":
            parser.error("--day is for the test environment only")
        command.serve(parser, options, partial(_application, options=options, knowledge=knowledge))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = command.parser("reference_impl.harness", "Platforms for the self-test of the suite.")
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="live on this day (test environment only)",
    )
    parser.add_argument(
        "--time-factor", type=float, default=1.0, metavar="F", help="wait F times longer for sources"
    )
    parser.add_argument("--mutant", metavar="NAME", help="serve a platform that is wrong in one way")
    parser.add_argument("--list-mutants", action="store_true", help="print the mutants as JSON")
    parser.add_argument("--variant", metavar="NAME", help="serve a platform that obeys in another style")
    parser.add_argument("--list-variants", action="store_true", help="print the variants as JSON")
    parser.add_argument(
        "--cells", action="store_true", help="change single cells of the matrix by orders on stdin"
    )
    parser.add_argument("--serve-many", action="store_true", help="start platforms by orders on stdin")
    return parser


def _require_known(
    parser: argparse.ArgumentParser, kind: str, name: str | None, names: Callable[[], Mapping[str, Any]]
) -> None:
    """Exit 2, with the names that there are, for an unknown name; None is no name."""
    if name is None:
        return
    choices = names()
    if name not in choices:
        parser.error(f"unknown {kind} {name!r}; known: {', '.join(choices) or 'none'}")


def _serve_many(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Read everything that platforms by one standard have in common, then start them by orders."""
    if not hasattr(os, "fork"):
        parser.error("this system cannot fork: start the platforms one by one")
    for name in SERVER_MODULES:
        import_module(name)
    mutants.collect()
    knowledge = Knowledge.of(root(options.standard), options.division)
    fork_server.serve_many(partial(main, knowledge=knowledge))


def _application(settings: Settings, options: argparse.Namespace, knowledge: Knowledge | None) -> ASGIApp:
    """The application of the platform that the options describe."""
    limits = settings.limits
    limits = replace(limits, source_seconds=limits.source_seconds * options.time_factor)
    settings = replace(settings, limits=limits)
    variant = VARIANTS.get(options.variant or "")
    composition = Composition(variant.settings(settings) if variant else settings, knowledge)
    return command.application(composition, _parts(composition.parts(), options), options.load)


def _parts(parts: Parts, options: argparse.Namespace) -> Parts:
    """The honest parts, changed by day, variant, mutant and orders, in this order."""
    if options.day is not None:
        parts = on_day(parts, options.day)
    if options.variant is not None:
        parts = VARIANTS[options.variant].make(parts)
    if options.mutant is not None:
        parts = mutants.collect()[options.mutant].make(parts)
    if options.cells:
        switch = matrix_mutants.Switch(parts)
        matrix_mutants.obey(switch)
        parts = switch.parts
    return parts


def _print(names: Callable[[], Mapping[str, Any]]) -> None:
    print(json.dumps(names(), ensure_ascii=False, indent=2))  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
