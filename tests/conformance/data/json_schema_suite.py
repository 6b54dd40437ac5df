"""Unpacks the JSON-Schema-Test-Suite, which the source package of jsonschema carries, into a folder."""

import io
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

CASES = "/json/tests/draft2020-12/"


def main(folder: Path) -> None:
    """Fetches the source of the installed version of jsonschema, and keeps its cases of draft 2020-12."""
    requirement = f"jsonschema=={version('jsonschema')}"
    with tempfile.TemporaryDirectory() as downloaded:
        words = (
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            "jsonschema",
            "--dest",
            downloaded,
            requirement,
        )
        subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], check=True)
        (archive,) = Path(downloaded).glob("*.tar.gz")
        unpack(archive.read_bytes(), folder)


def unpack(archive: bytes, folder: Path) -> None:
    """The case files of an archive, flat; nothing else of it touches the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for member in packed.getmembers():
            _, cases, name = member.name.partition(CASES)
            content = (
                packed.extractfile(member) if cases and name.endswith(".json") and "/" not in name else None
            )
            if content is not None:
                (folder / name).write_bytes(content.read())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
