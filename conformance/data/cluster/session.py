"""A session on a cluster, or what exactly is missing for one."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from conformance.model.errors import UserError
from conformance.model.text import Message

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LEAST_JAVA = 17
_SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    # Spark starts a process for each core: Polars must not use all cores in each of them.
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
}
_TRACEBACK = "Traceback (most recent call last):"


class SparkError(UserError):
    """Spark cannot be used, or gave up; the message says why."""

    def __init__(self, key: str, /, **args: Any) -> None:
        super().__init__(Message(f"spark.{key}", args))


@contextmanager
def opened(master: str | None, settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """A session. `master`: address of the cluster; None where spark-submit has set it."""
    session_class = ready()
    builder = session_class.builder.appName("fcsp data check")
    builder = builder.master(master) if master else builder
    for name, value in {**_SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise SparkError("unreachable", master=master or "-", error=first_line(error)) from error
    try:
        yield session
    finally:
        session.stop()


def ready() -> Any:
    """The class of sessions, where there is all that one needs on this machine."""
    _sure_of_java()
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkError("no_library", module=error.name or str(error)) from error
    return SparkSession


def _sure_of_java() -> None:
    java = shutil.which("java")
    if java is None:
        raise SparkError("no_java", least=LEAST_JAVA)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "([0-9]+)', said)
    if found is None or int(found[1]) < LEAST_JAVA:
        raise SparkError("old_java", least=LEAST_JAVA, found=found[1] if found else said.strip()[:80] or "-")


def first_line(error: Exception) -> str:
    """What an error says, in one line: the last of a traceback where it comes from an executor."""
    said, traced, there = str(error).strip().partition(_TRACEBACK)
    lines = there.partition("\n\n")[0].strip().splitlines()[-1:] if traced else said.splitlines()
    return next(iter(lines), type(error).__name__).strip()[:300]
