"""A pytest plugin for the tests of the pytest front end: puts a toy platform in the place of the target."""

import atexit
import contextlib
import tempfile
from pathlib import Path
from typing import Any

import pytest

import conformance.plugin
from conformance import expect
from conformance.model.context import Context
from conformance.model.judgement import Check
from conformance.model.run import Plan
from conformance.model.standard import Verification
from conformance.model.text import Lang, Message
from conformance.model.wire import Request
from conformance.runner import Settings, open_session, plan
from tests.support import toy_platform

HEALTH = Request("getHealth")


def good(ctx: Context) -> None:
    expect.status(ctx.send(HEALTH), 200)


def bad(ctx: Context) -> None:
    expect.status(ctx.send(HEALTH), 204)


def unsure(ctx: Context) -> None:
    ctx.send(HEALTH)
    raise expect.Inconclusive(Message("wire.timeout"))


def broken(ctx: Context) -> None:
    ctx.send(HEALTH)
    raise KeyError("x")


CHECKS = tuple(Check(f"TOY-00{n}", f.__name__, f) for n, f in enumerate((good, bad, unsure, broken), 1))
RULES = toy_platform.standard(
    *(toy_platform.requirement(f"TOY-00{n}") for n in range(1, 5)),
    toy_platform.requirement("TOY-005", verification=Verification.DOCUMENT, reason=toy_platform.NAME),
)


def opened(config: pytest.Config) -> conformance.plugin.Conformance:
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    keys = toy_platform.make_keys(folder)
    toy = toy_platform.Toy({"hub": keys.public("hub")})
    target = toy_platform.target(stack.enter_context(toy_platform.serve(toy)), folder)
    toy_plan: Plan = plan(RULES, target, CHECKS, (), settings=Settings(1, "n"))
    session = open_session(target, RULES, 1, "n")
    return conformance.plugin.Conformance(
        RULES, session, toy_plan, (), config.getoption("fcsp_jobs"), Lang.EN
    )


def pytest_configure() -> None:
    replacement: Any = opened
    conformance.plugin._open = replacement
