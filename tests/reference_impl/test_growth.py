"""Growth: a new part of the reference platform is new files, and no entry in any table of Python."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reference_impl import mutants
from reference_impl.http import operations
from reference_impl.http.operations import Handlers, handles
from reference_impl.wire.message import Call, Reply
from tests.repository.tracked import ROOT

FILES = {
    "policy/toy.py": '''"""Toy: the greeting of a visitor."""


def greeting(number: int) -> str:
    """The greeting of the visitor of this number."""
    return f"visitor {number}"
''',
    "store/toy.py": '''"""Visits, in the order of their arrival."""

from sqlalchemy import Column, Integer, Table, func, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Repository

VISITS = Table("visits", METADATA, Column("number", Integer, primary_key=True))


class Visits(Repository):
    """All visits."""

    def add(self) -> int:
        """Record a visit; its number."""
        number = (self._connection.execute(select(func.max(VISITS.c.number))).scalar() or 0) + 1
        self._put(VISITS, number=number)
        return number
''',
    "parts/toy.py": '''"""Decisions about visitors."""

from collections.abc import Callable
from dataclasses import dataclass

from reference_impl.knowledge import Setup
from reference_impl.policy import toy

CAPABILITIES = ("toys",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyParts:
    """Decisions about visitors."""

    greeting: Callable[[int], str]


def honest(_setup: Setup) -> ToyParts:
    """A friendly platform."""
    return ToyParts(greeting=toy.greeting)
''',
    "http/toy.py": '''"""Toy: visitors are greeted."""

from reference_impl.http.operations import handles
from reference_impl.parts.toy import ToyParts
from reference_impl.store.toy import Visits
from reference_impl.wire.message import Call, Reply


@handles("visitToy")
def visit(call: Call) -> Reply:
    """Greet a visitor."""
    return Reply(200, {"greeting": call.parts[ToyParts].greeting(call.store[Visits].add())})
''',
    "mutants/toy.py": '''"""Visitors greeted wrongly."""

from dataclasses import replace

from reference_impl.mutants import breaks
from reference_impl.parts.toy import ToyParts


@breaks("TOY-001")
def every_visitor_is_the_first(toy: ToyParts) -> ToyParts:
    """Each visitor is greeted as the first."""
    return replace(toy, greeting=lambda _number: toy.greeting(1))
''',
}
"""New files of the package."""
PATH = """toy:
  post:
    operationId: visitToy
    x-read-only: false
    security: []
    responses: {}
"""
SCRIPT = """
import asyncio, json
from pathlib import Path
import httpx
from reference_impl import mutants, parts
from reference_impl.http import adapter
from reference_impl.platform import Composition
from reference_impl.settings import Settings

async def greetings(app):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        return [(await client.post("/v1/toy")).json()["greeting"] for _ in range(2)]

def platform(database, change):
    settings = Settings("http://toy", Path("."), f"sqlite:///{database}", key_file=Path("key"))
    composition = Composition(settings)
    return adapter.app(composition.platform(change(composition.parts())))

mutant = mutants.collect()["every_visitor_is_the_first"]
print(json.dumps({
    "honest": asyncio.run(greetings(platform("honest.db", lambda honest: honest))),
    "mutant": asyncio.run(greetings(platform("mutant.db", mutant.make))),
    "claimed": "toys" in parts.capabilities("production"),
    "count": len(mutants.collect()),
}))
"""


def test_a_part_is_added_by_new_files(tmp_path: Path) -> None:
    for folder in ("reference_impl", "standard", "schemas"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        assert not (tmp_path / "reference_impl" / name).exists()
        (tmp_path / "reference_impl" / name).write_text(text, encoding="utf-8")
    api = tmp_path / "schemas" / "api"
    (api / "paths" / "toy.yaml").write_text(PATH)
    document = api / "platform.openapi.yaml"
    entry = '  /v1/toy: {$ref: "paths/toy.yaml#/toy"}\n'
    text = document.read_text("utf-8")
    document.write_text(text.replace("\npaths:\n", f"\npaths:\n{entry}"), encoding="utf-8")
    script = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert script.returncode == 0, script.stderr
    assert json.loads(script.stdout) == {
        "honest": ["visitor 1", "visitor 2"],
        "mutant": ["visitor 1", "visitor 1"],
        "claimed": True,
        "count": len(mutants.collect()) + 1,
    }


def test_an_operation_without_a_handler_is_named() -> None:
    handlers = operations.collect()
    operations.require_all(handlers, handlers.by_operation.keys())
    with pytest.raises(LookupError, match="flyToTheMoon"):
        operations.require_all(handlers, {*handlers.by_operation, "flyToTheMoon"})


def test_an_operation_with_two_handlers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from reference_impl.http import docking

    @handles("getHealth")
    def other(_call: Call) -> Reply:
        return Reply(200, {})

    other.__module__ = docking.__name__
    monkeypatch.setattr(docking, "second_health", other, raising=False)
    with pytest.raises(LookupError, match="getHealth"):
        operations.collect()


def test_background_work_is_collected() -> None:
    handlers: Handlers = operations.collect()
    assert [work.__name__ for work in handlers.work] == ["check_lines"]
    assert handlers.waking == {"createQueryBatch", "getQueryBatch"}
