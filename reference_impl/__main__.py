"""The command line: `python -m reference_impl` serves a platform until it is told to stop.

It speaks plain HTTP. In production it stands behind a proxy that ends TLS on the same machine, and
`--public-url` names the address of that proxy: issuer, token endpoint and API base are made of it.
"""

import argparse
import json
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

LEVELS = {"baseline": "county", "municipal": "municipal", "provincial": "provincial"}
"""Profiles of the standard, each with the level of the platform that claims it."""
CAPABILITIES = (
    "credit-service-agencies",
    "guarantee-institutions",
    "joint-modeling",
    "provider-inquiry",
    "public-portal",
    "rate-limits",
)
TEST_CAPABILITIES = ("desensitization-preview",)
SERVERS = ("uvicorn.protocols.http.httptools_impl", "uvicorn.loops.uvloop", "reference_impl.variants")
"""What is imported only when a platform is served, and takes its time."""


def main(arguments: Sequence[str] | None = None, knowledge: Any = None) -> int:
    """`knowledge` is what a warm process has read already; without it the standard is read here."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.serve_many:
        _serve_many(parser, given)
        return 0
    if given.list_mutants:
        print(json.dumps(_mutants(), ensure_ascii=False, indent=2))  # noqa: T201
        return 0
    if given.list_variants:
        print(json.dumps(_variants(), ensure_ascii=False, indent=2))  # noqa: T201
        return 0
    if given.profile not in LEVELS:
        parser.error(f"unknown profile {given.profile!r}; known: {', '.join(LEVELS)}")
    if given.mutant is not None and given.mutant not in (known := _mutants()):
        parser.error(f"unknown mutant {given.mutant!r}; known: {', '.join(known) or 'none'}")
    if given.variant is not None and given.variant not in (known := _variants()):
        parser.error(f"unknown variant {given.variant!r}; known: {', '.join(known)}")
    if given.day is not None and given.environment != "test":
        parser.error("--day is for the test environment only")
    _serve(parser, given, knowledge)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reference_impl", description="The reference platform of this standard."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free one")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="public keys of the parties to trust")
    parser.add_argument("--database", metavar="URL", help="default: a temporary SQLite file")
    parser.add_argument("--standard", type=Path, metavar="DIR", help="folder with standard/ and schemas/")
    parser.add_argument("--environment", choices=("test", "production"), default="test")
    parser.add_argument("--profile", default="provincial", help=", ".join(LEVELS))
    parser.add_argument("--division", default="990000", metavar="CODE", help="six digits")
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="live on this day (test environment only)",
    )
    parser.add_argument(
        "--time-factor", type=float, default=1.0, metavar="F", help="wait F times longer for sources"
    )
    parser.add_argument("--public-url", metavar="URL", help="address behind a TLS proxy; also the issuer")
    parser.add_argument("--load", type=Path, metavar="DIR", help="load a data set (fcsp data synth) first")
    parser.add_argument("--mutant", metavar="NAME", help="serve a platform that is wrong in one way")
    parser.add_argument("--list-mutants", action="store_true", help="print the mutants as JSON")
    parser.add_argument("--variant", metavar="NAME", help="serve a platform that obeys in another style")
    parser.add_argument("--list-variants", action="store_true", help="print the variants as JSON")
    parser.add_argument(
        "--cells", action="store_true", help="change single cells of the matrix by orders on stdin"
    )
    parser.add_argument("--serve-many", action="store_true", help="start platforms by orders on stdin")
    return parser


def _serve_many(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """Read everything that platforms by one standard have in common, then start them by orders."""
    if not hasattr(os, "fork"):
        parser.error("this system cannot fork: start the platforms one by one")
    from reference_impl import mutants, nursery
    from reference_impl.platform import Knowledge
    from reference_impl.standard import root

    for name in SERVERS:
        import_module(name)
    mutants.collect()
    nursery.serve_many(partial(main, knowledge=Knowledge.of(root(given.standard), given.division)))


def _serve(parser: argparse.ArgumentParser, given: argparse.Namespace, knowledge: Any) -> None:
    listener = _listen(parser, given.host, given.port)
    address = f"http://{given.host}:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="fcsp-") as scratch:
        from sqlalchemy.exc import SQLAlchemyError

        from reference_impl.standard import StandardError

        try:
            settings = _settings(given, address, Path(scratch))
            app = _app(settings, given, knowledge)
        except (OSError, ValueError, LookupError, ImportError, SQLAlchemyError, StandardError) as error:
            parser.error(f"cannot start: {error}")
        _run(app, listener, address)


def _settings(given: argparse.Namespace, address: str, scratch: Path) -> Any:
    from reference_impl.settings import Limits, Settings
    from reference_impl.standard import root

    url = given.database or f"sqlite:///{scratch / 'platform.db'}"
    preview = TEST_CAPABILITIES if given.environment == "test" else ()
    return Settings(
        base_url=(given.public_url or address).rstrip("/"),
        root=root(given.standard),
        database_url=url,
        key_file=_key_file(url),
        trust=_trust(given.trust),
        environment=given.environment,
        profile=given.profile,
        level=LEVELS[given.profile],
        division_code=given.division,
        limits=Limits(source_seconds=Limits().source_seconds * given.time_factor),
        capabilities=(*CAPABILITIES, *preview),
    )


def _app(settings: Any, given: argparse.Namespace, knowledge: Any) -> Any:
    from reference_impl.days import on_day
    from reference_impl.http import adapter
    from reference_impl.platform import Workshop
    from reference_impl.variants import VARIANTS

    style = VARIANTS.get(given.variant or "")
    workshop = Workshop(style.settings(settings) if style else settings, knowledge)
    parts = workshop.parts() if given.day is None else on_day(workshop.parts(), given.day)
    parts = style.make(parts) if style else parts
    if given.mutant is not None:
        from reference_impl import mutants

        parts = mutants.collect()[given.mutant].make(parts)
    if given.cells:
        from reference_impl import cells

        switch = cells.Switch(parts)
        cells.obey(switch)
        parts = switch.parts
    platform = workshop.platform(parts)
    if given.load is not None:
        from reference_impl.loading import load

        load(platform, given.load)
    return adapter.app(platform)


def _run(app: Any, listener: socket.socket, address: str) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"listening on {address}", flush=True)  # noqa: T201

    # No access log: addresses and clients of requests are nobody's business here. The platform itself
    # dates its replies, by its own clock.
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, date_header=False, lifespan="off"
    )
    Server(config).run(sockets=[listener])


def _listen(parser: argparse.ArgumentParser, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        parser.error(f"cannot listen on {host}:{port}: {error.strerror or error}")


def _trust(path: Path | None) -> Any:
    from reference_impl.settings import Trust

    if path is None:
        return Trust()
    try:
        return Trust.of(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not in the form that `fcsp init` writes: {error}") from None


def _key_file(url: str) -> Path | None:
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return None
    return Path(url.removeprefix(prefix) + ".key")


def _mutants() -> dict[str, Any]:
    from reference_impl import mutants

    return {name: mutant.describe() for name, mutant in mutants.collect().items()}


def _variants() -> dict[str, Any]:
    from reference_impl.variants import VARIANTS

    return {name: variant.describe() for name, variant in VARIANTS.items()}


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("between 0 and 65535")
    return port


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()
