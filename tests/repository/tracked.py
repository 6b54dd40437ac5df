"""The files of the repository that are under version control."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """Tracked files that exist, below ROOT, in order; fails when there are none."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = tuple(p for name in listing.stdout.split("\0") if name and (p := ROOT / name).is_file())
    assert files, f"nothing is tracked below {ROOT} for {patterns}"
    return files


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
