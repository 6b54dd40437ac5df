"""Location of the standard: the folder asked for, else the copy inside the package, else the checkout."""

from pathlib import Path

from conformance.loader.problem import StandardErrors, problem

_PACKAGE = Path(__file__).resolve().parent.parent
_CANDIDATES = (_PACKAGE / "_bundle", _PACKAGE.parent)


def is_root(path: Path) -> bool:
    """A root holds `standard/` and `schemas/`."""
    return (path / "standard").is_dir() and (path / "schemas").is_dir()


def is_bundle(path: Path) -> bool:
    """True if the folder is the copy inside an installed package, which is nobody's to edit."""
    return path == _CANDIDATES[0]


def root(explicit: Path | None = None) -> Path:
    """The folder that holds `standard/` and `schemas/`."""
    for candidate in _CANDIDATES if explicit is None else (explicit,):
        if is_root(candidate):
            return candidate
    where = str(explicit or _CANDIDATES[-1])
    raise StandardErrors((problem(where, "", "", "no_root"),))
