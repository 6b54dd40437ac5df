"""`fcsp gap` against a platform over HTTP, and what it says where there is none."""

from pathlib import Path

import openpyxl
import pytest

from conformance.selftest.fork_server import Nursery
from tests.system.processes import fcsp, serving

ASK = ("gap", "--target", "target.toml", "--lang", "en")


def test_a_complete_platform_has_no_gap(tmp_path: Path, nursery: Nursery) -> None:
    with serving(tmp_path / "vendor", serve=nursery.platform) as line:
        completed = fcsp(
            *["gap", "--target", "target.toml", "--output", "gap.xlsx", "--lang", "en"], cwd=line.folder
        )
        second = fcsp(
            *["gap", "--target", "target.toml", "--output", "gap.xlsx", "--lang", "en"], cwd=line.folder
        )
    assert (completed.returncode, completed.stderr) == (0, "")
    assert "0 missing; 0 beyond the checklist" in completed.stdout
    assert "Reconstruction" in completed.stdout
    states = [row[16].value for row in openpyxl.load_workbook(line.folder / "gap.xlsx")["Items"].iter_rows()]
    assert set(states) == {"State", "Present"}
    assert second.returncode == 2
    assert "--force" in second.stderr

    without_folder = fcsp(
        *["gap", "--target", "target.toml", "--output", "other.xlsx", "--lang", "en"], cwd=line.folder
    )
    assert without_folder.returncode == 2
    assert "Traceback" not in without_folder.stderr
    assert not (line.folder / "other.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "output"),
    [
        ("gap --target nowhere.toml --lang en", "nowhere.toml"),
        ("gap --output gap.pdf --lang en", ".pdf"),
        ("gap --output file/gap.csv --lang en", "file"),
    ],
)
def test_bad_input_ends_in_a_paragraph(words: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    completed = fcsp(*words.split(), cwd=tmp_path)
    assert completed.returncode == 2
    assert output in completed.stderr
    assert "Traceback" not in completed.stderr
