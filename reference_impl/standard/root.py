"""The folder of the standard: an explicit one, else the copy in the wheel, else the checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def root(explicit: Path | None = None) -> Path:
    """The folder that holds `schemas/`."""
    candidates = [explicit] if explicit else [PACKAGE / "_bundle", PACKAGE.parent]
    for folder in candidates:
        if (folder / "schemas" / "elements.yaml").is_file():
            return folder
    raise FileNotFoundError(f"no standard in {', '.join(map(str, candidates))}")
