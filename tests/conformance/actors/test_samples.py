"""Sample requests: every operation can be called, and a new one needs no shared table."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from conformance import actors
from conformance.actors.sample_registry import collect_samples, existing_id, sample_body
from conformance.actors.sample_requests import PATH_PARAMETER
from conformance.loader import load_standard
from conformance.model.context import Context
from conformance.model.shapes import Item, Operation

TOKEN = "issueToken"


@pytest.fixture(scope="module")
def operations() -> tuple[Operation, ...]:
    operations = tuple(load_standard().api.operations.values())
    assert len(operations) > 20
    return operations


def test_every_operation_with_a_body_has_a_sample(operations: tuple[Operation, ...]) -> None:
    needed = {operation.id for operation in operations if operation.request_schemas} - {TOKEN}
    assert needed
    assert collect_samples().bodies.keys() == needed


def test_every_path_parameter_can_lead_to_something(operations: tuple[Operation, ...]) -> None:
    parameters = {name for operation in operations for name in PATH_PARAMETER.findall(operation.path)}
    assert parameters
    assert collect_samples().existing_ids.keys() == parameters


def test_samples_of_a_new_module_are_gathered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    @sample_body("createToy")
    def body(_ctx: Context, item: Item, _subject: object) -> dict[str, str]:
        return {"item_code": item.code}

    @existing_id("toy_id")
    def toy(_ctx: Context) -> str:
        return "a toy"

    module = ModuleType("conformance.actors.toy")
    vars(module).update(body=body, toy=toy)
    (tmp_path / "toy.py").touch()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(actors, "__path__", [*actors.__path__, str(tmp_path)])

    samples = collect_samples.__wrapped__()

    assert samples.bodies["createToy"] is body
    assert samples.existing_ids["toy_id"] is toy
    assert samples.bodies.keys() == collect_samples().bodies.keys() | {"createToy"}
