"""A standalone Spark cluster on this machine: a master and workers in processes of their own, on loopback.

`python -m benchmarks.spark_cluster --workers 2` starts one and prints its address, until it is interrupted.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
_PATIENCE = 60.0


@contextmanager
def cluster(workers: int = 2, memory: str = "1g", cores: int = 1) -> Iterator[str]:
    """The address of the master, all workers being registered. Each has a work folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fcsp-spark-") as folder, ExitStack() as stack:
        port = _free_port()
        log = Path(folder) / "master.log"
        common = ["--host", HOST, "--webui-port", "0"]
        stack.enter_context(_process("master.Master", [*common, "--port", str(port)], log))
        _until(lambda: "Starting Spark master" in log.read_text("utf-8"), log)
        address = f"spark://{HOST}:{port}"
        for number in range(workers):
            work = Path(folder) / f"worker-{number}"
            work.mkdir()
            size = ["--cores", str(cores), "--memory", memory, "--work-dir", str(work)]
            stack.enter_context(_process("worker.Worker", [*common, *size, address], work / "log"))
        _until(lambda: log.read_text("utf-8").count("Registering worker") >= workers, log)
        stack.enter_context(_this_python())
        yield address


@contextmanager
def _this_python() -> Iterator[None]:
    """Executors run the interpreter that the environment of the driver names."""
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        yield
    finally:
        os.environ.pop("PYSPARK_PYTHON")
        if before is not None:
            os.environ["PYSPARK_PYTHON"] = before


@contextmanager
def _process(daemon: str, words: list[str], log: Path) -> Iterator[None]:
    """One daemon of Spark, from the jars of the Python package."""
    home = spark_home()
    env = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable}
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{daemon}", *words]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def spark_home() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise SystemExit("pyspark is not installed: pip install 'fcsp[spark]'")
    return Path(found.origin).parent


def settings(folder: Path) -> dict[str, str]:
    """What a session on such a cluster needs: loopback, this interpreter, scratch space below a folder."""
    return {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.executorEnv.PYTHONPATH": str(Path(__file__).parents[1]),
        "spark.local.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.task.maxFailures": "1",
        "spark.sql.shuffle.partitions": "8",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _until(holds: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"the cluster did not start; its log says:\n{log.read_text('utf-8')[-2000:]}")
        time.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_cluster", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="1g")
    options = parser.parse_args()
    with cluster(options.workers, options.memory) as address:
        print(address, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
