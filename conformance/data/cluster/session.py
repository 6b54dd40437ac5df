"""Sessions on a cluster, and the requirements of one on this machine."""

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

MIN_JAVA = 17
_SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    # Spark starts a process for each core: Polars must not use all cores in each of them.
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
}
_TRACEBACK = "Traceback (most recent call last):"


class SparkError(UserError):
    """Spark cannot be used, or failed; the message of the area `spark` says why."""

    def __init__(self, key: str, /, **args: Any) -> None:
        super().__init__(Message(f"spark.{key}", args))


@contextmanager
def open_session(master: str | None, settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """A session that is stopped at the end. Raises SparkError.

    `master`: address of the cluster; None where spark-submit has set it.
    """
    builder = session_class().builder.appName("fcsp data check")
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


def session_class() -> Any:
    """The class of sessions. Raises SparkError without pyspark or a Java runtime of version 17 or later."""
    _require_java()
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkError("no_library", module=error.name or str(error)) from error
    return SparkSession


def _require_java() -> None:
    java = shutil.which("java")
    if java is None:
        raise SparkError("no_java", least=MIN_JAVA)
    output = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = re.search(r'version "([0-9]+)', output)
    if version is None or int(version[1]) < MIN_JAVA:
        raise SparkError(
            "old_java", least=MIN_JAVA, found=version[1] if version else output.strip()[:80] or "-"
        )


def first_line(error: Exception) -> str:
    """The first line of an error (300 characters at most); of an executor's traceback, the last one."""
    output, traced, traceback = str(error).strip().partition(_TRACEBACK)
    lines = traceback.partition("\n\n")[0].strip().splitlines()[-1:] if traced else output.splitlines()
    return next(iter(lines), type(error).__name__).strip()[:300]
