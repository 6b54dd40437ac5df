"""The command line that serves a platform: its options, and the server.

It speaks plain HTTP. In production it stands behind a proxy that terminates TLS on the same machine, and
`--public-url` names the address of that proxy: issuer, token endpoint and API base derive from it.
"""

import argparse
import json
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from reference_impl import parts
from reference_impl.http import adapter
from reference_impl.platform import Composition, Parts
from reference_impl.preload import load
from reference_impl.settings import Settings, Trust
from reference_impl.standard import StandardError, root

LEVELS = {"baseline": "county", "municipal": "municipal", "provincial": "provincial"}
"""Profiles of the standard, each with the level of the platform that claims it."""
START_ERRORS = (OSError, ValueError, LookupError, ImportError, SQLAlchemyError, StandardError)


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """The options that every platform has."""
    options = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=_port, default=0, help="0 takes a free one")
    options.add_argument("--trust", type=Path, metavar="FILE", help="public keys of the parties to trust")
    options.add_argument("--database", metavar="URL", help="default: a temporary SQLite file")
    options.add_argument("--standard", type=Path, metavar="DIR", help="folder with standard/ and schemas/")
    options.add_argument("--environment", choices=("test", "production"), default="test")
    options.add_argument("--profile", default="provincial", help=", ".join(LEVELS))
    options.add_argument("--division", default="990000", metavar="CODE", help="six digits")
    options.add_argument("--public-url", metavar="URL", help="address behind a TLS proxy; also the issuer")
    options.add_argument("--load", type=Path, metavar="DIR", help="load a data set (fcsp data synth) first")
    return options


def serve(
    options: argparse.ArgumentParser,
    arguments: argparse.Namespace,
    build: Callable[[Settings], ASGIApp],
) -> None:
    """Serve the application that `build` makes until the process is ended; exit 2 where it cannot start."""
    if arguments.profile not in LEVELS:
        options.error(f"unknown profile {arguments.profile!r}; known: {', '.join(LEVELS)}")
    listener = _listen(options, arguments.host, arguments.port)
    address = f"http://{arguments.host}:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="fcsp-") as folder:
        try:
            app = build(_settings(arguments, address, Path(folder)))
        except START_ERRORS as error:
            options.error(f"cannot start: {error}")
        _run(app, listener, address)


def application(composition: Composition, platform_parts: Parts, data_set: Path | None) -> ASGIApp:
    """The application of a platform, with a data set loaded. Raises ValueError for a rejected record."""
    platform = composition.platform(platform_parts)
    if data_set is not None:
        load(platform, data_set)
    return adapter.app(platform)


def _settings(arguments: argparse.Namespace, address: str, folder: Path) -> Settings:
    url = arguments.database or f"sqlite:///{folder / 'platform.db'}"
    return Settings(
        base_url=(arguments.public_url or address).rstrip("/"),
        root=root(arguments.standard),
        database_url=url,
        key_file=_key_file(url),
        trust=_trust(arguments.trust),
        environment=arguments.environment,
        profile=arguments.profile,
        level=LEVELS[arguments.profile],
        division_code=arguments.division,
        capabilities=parts.capabilities(arguments.environment),
    )


def _run(app: ASGIApp, listener: socket.socket, address: str) -> None:
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


def _listen(options: argparse.ArgumentParser, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        options.error(f"cannot listen on {host}:{port}: {error.strerror or error}")


def _trust(path: Path | None) -> Trust:
    """The installed keys. Raises ValueError for a file in another form."""
    if path is None:
        return Trust()
    try:
        return Trust.of(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not in the form that `fcsp init` writes: {error}") from None


def _key_file(url: str) -> Path | None:
    """The file of the master key beside a SQLite database; None for a database server."""
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return None
    return Path(url.removeprefix(prefix) + ".key")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("between 0 and 65535")
    return port
