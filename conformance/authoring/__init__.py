"""Authoring: weaves sentences into the prose, generates the pages of docs/generated, finds orphans."""

from collections.abc import Mapping
from pathlib import Path

from conformance.authoring import rules, shapes
from conformance.authoring.orphans import orphans
from conformance.authoring.prose import woven
from conformance.authoring.rules import ByRequirement
from conformance.loader import load_standard
from conformance.model.standard import Standard

__all__ = ["GENERATED", "ByRequirement", "orphans", "render", "update", "weave"]

GENERATED = "docs/generated"


def weave(root: Path, write: bool, *, checks: ByRequirement, mutants: ByRequirement) -> list[str]:  # noqa: FBT001
    """Bring prose and generated pages up to date; the paths below `root` that were stale, in order.

    With `write` false nothing is changed, so an empty list means that everything is fresh.
    """
    return update(root, render(load_standard(root), root, checks, mutants), write=write)


def render(standard: Standard, root: Path, checks: ByRequirement, mutants: ByRequirement) -> dict[str, str]:
    """Expected content of all woven and generated files, by path below `root`."""
    pages = {
        "requirements": rules.requirements(standard),
        "traceability": rules.traceability(standard, checks, mutants),
        "not-tested": rules.not_tested(standard),
        "terms": rules.terms(standard),
        "checklist": shapes.checklist(standard, root),
        "disclosure": shapes.disclosure(standard),
    }
    return woven(root, standard) | {f"{GENERATED}/{name}.md": text for name, text in pages.items()}


def update(root: Path, pages: Mapping[str, str], *, write: bool) -> list[str]:
    """Compare files with what they are to contain and, with `write`, rewrite those that differ."""
    stale = [name for name, text in pages.items() if _present(root / name) != text]
    for name in stale if write else ():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(pages[name], encoding="utf-8", newline="\n")
    return stale


def _present(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.is_file() else None
