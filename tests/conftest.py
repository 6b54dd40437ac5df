"""How tests are spread over processes: one by one, but where all of a module look at one costly thing."""

from typing import Any

import pytest

TOGETHER = frozenset(
    f"tests/system/test_{name}.py"
    for name in ("cells", "demo", "extension", "matrix", "odd_replies", "preloaded", "running")
)


def scope(nodeid: str) -> str:
    """What is run in one process."""
    module = nodeid.partition("::")[0]
    return module if module in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    scheduler: Any = LoadScopeScheduling(config, log)
    scheduler._split_scope = scope
    return scheduler
