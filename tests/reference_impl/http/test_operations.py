"""Handlers: one for each operation of the published API, collected from the package."""

import pytest

from reference_impl.http import docking, operations
from reference_impl.http.operations import Handlers, handles
from reference_impl.wire.message import Call, Reply


def test_an_operation_without_a_handler_is_named() -> None:
    handlers = operations.collect()
    operations.require_all(handlers, handlers.by_operation.keys())
    with pytest.raises(LookupError, match="flyToTheMoon"):
        operations.require_all(handlers, {*handlers.by_operation, "flyToTheMoon"})


def test_an_operation_with_two_handlers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
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
