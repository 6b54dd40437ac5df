"""The wheel, as a user gets it: built, installed into a fresh environment, run from an empty folder."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIDES = ("conformance", "reference_impl")
FOR_READERS_ONLY = frozenset({"README.md", "cel", "examples", "mappings", "meta"})
"""Shapes of which the platform has no use."""
WHERE = "import conformance, reference_impl; print(conformance.__file__); print(reference_impl.__file__)"


@dataclass(frozen=True, slots=True)
class Installed:
    """A fresh environment with the wheel, and an empty folder to work in."""

    wheel: Path
    environment: Path
    folder: Path

    @property
    def packages(self) -> Path:
        words = {"base": str(self.environment), "platbase": str(self.environment)}
        return Path(sysconfig.get_path("purelib", "venv", words))

    def program(self, name: str) -> Path:
        return Path(sysconfig.get_path("scripts", "venv", {"base": str(self.environment)})) / name

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment."""
        return command(str(self.program(words[0])), *words[1:], folder=self.folder)


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Nothing of our own environment leads back to the checkout."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FCSP"))
    }
    return subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Needs no network: the dependencies are those of the environment that runs the tests."""
    base = tmp_path_factory.mktemp("wheel")
    succeeded(
        command(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(base), folder=ROOT)
    )
    (wheel,) = base.glob("*.whl")
    (base / "empty").mkdir()
    venv.create(base / "venv", symlinks=os.name != "nt")
    fresh = Installed(wheel, base / "venv", base / "empty")
    install = (
        "--python",
        str(fresh.program("python")),
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        str(wheel),
    )
    succeeded(command(sys.executable, "-m", "pip", "--disable-pip-version-check", *install, folder=base))
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (fresh.packages / "dependencies.pth").write_text("\n".join(sorted(ours)) + "\n", "utf-8")
    return fresh


def test_modules_come_from_the_wheel(installed: Installed) -> None:
    found = succeeded(installed.run("python", "-c", WHERE)).split()
    assert [Path(path) for path in found] == [installed.packages / side / "__init__.py" for side in SIDES]


def test_the_wheel_holds_two_packages_and_nothing_else(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(SIDES)
    assert [name for name in names if "tests" in Path(name).parts] == []
    assert {"conformance/py.typed", "reference_impl/py.typed"} <= set(names)


def test_each_side_carries_its_own_standard(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    judge, exemplar = (below(f"{side}/_bundle/", names) for side in SIDES)
    shapes = {f"schemas/{name}" for name in files(ROOT / "schemas")}
    assert len(shapes) > 100
    assert judge == shapes | {f"standard/{name}" for name in files(ROOT / "standard")}
    numbers = {f"standard/requirements/{name}" for name in files(ROOT / "standard" / "requirements")}
    edition = {"standard/standard.yaml"}
    assert exemplar == numbers | edition | {
        name for name in shapes if name.split("/")[1] not in FOR_READERS_ONLY
    }


def below(folder: str, names: list[str]) -> set[str]:
    return {name.removeprefix(folder) for name in names if name.startswith(folder)}


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


def test_the_standard_of_the_wheel_is_sound(installed: Installed) -> None:
    assert "Nothing is wrong" in succeeded(installed.run("fcsp", "standard", "lint", "--lang", "en"))


def test_the_demonstration_conforms(installed: Installed) -> None:
    said = succeeded(installed.run("fcsp", "demo", "--smoke", "--lang", "en"))
    assert "requirements is broken. Only a part was run" in said
    found = {path.name for path in installed.folder.rglob("*") if path.is_file() and path.stat().st_size}
    assert {"result.json", "report.html", "report.zh.html", "junit.xml", "transcript.jsonl"} <= found
