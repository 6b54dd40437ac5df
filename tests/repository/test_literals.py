"""Facts of the standard stand in its data alone: no class, channel, format, version or item in Python."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from conformance.loader import load_standard
from tests.repository.tracked import ROOT, shown, tracked

ENGINE = "the engine on this machine, as against a cluster"
ALLOWED: Mapping[tuple[str, str], str] = {
    ("conformance/cli/data/check.py", "local"): ENGINE,
    ("conformance/cli/shared/data_options.py", "local"): ENGINE,
    ("conformance/data/report/build.py", "local"): ENGINE,
    ("conformance/data/report/document.py", "local"): ENGINE,
    ("reference_impl/parts/collection.py", "head_to_head"): "the reason of that name in rejection_reason",
    ("conformance/checks/security/access.py", "F01-01"): "in raw bytes of a request that is refused unread",
}
"""Why a literal stands in a file although the data have it, by file and literal."""
ALLOWED_FORMATS = frozenset(
    {
        "conformance/actors/records.py",
        "conformance/data/check/rule_catalogue.py",
        "conformance/data/engine/formats.py",
        "conformance/data/synth/identifiers.py",
        "conformance/data/synth/row_faults.py",
        "conformance/data/synth/value_pools.py",
        "conformance/loader/cel.py",
        "conformance/oracles/formats.py",
        "conformance/synth/content.py",
        "conformance/synth/faults.py",
        "conformance/synth/values.py",
        "reference_impl/standard/formats.py",
    }
)
"""Files in which the name of a format selects what implements it: check digits, generators, faults."""


@cache
def facts() -> Mapping[str, str]:
    """What each literal is in the data of the standard."""
    standard = load_standard(ROOT)
    hyphenated = (name for name in standard.formats if "-" in name)  # a bare word means other things, too
    items = (item.code for version in standard.checklists.national for item in version.items)
    # `provincial` is a profile, too.
    channels = standard.codes["source_channel"].codes.keys() - standard.profiles.keys()
    modes = standard.codes["sharing_mode"].codes
    return {
        **dict.fromkeys(standard.desensitization.classes, "class"),
        **dict.fromkeys(hyphenated, "format"),
        **dict.fromkeys(items, "item"),
        **dict.fromkeys(channels, "channel"),
        **dict.fromkeys(modes, "sharing mode"),
        standard.version: "version",
    }


def sources() -> tuple[Path, ...]:
    return tracked("conformance/*.py", "reference_impl/*.py")


def literals(path: Path) -> Iterator[tuple[str, int]]:
    """Texts of a file that are no docstring, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # docstrings of all kinds
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in prose:
            text = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
            yield text, node.lineno


def retyped(path: Path) -> Iterator[tuple[str, str, int]]:
    """Facts of the standard that a file retypes: file, literal, line."""
    sources = facts()
    for text, line in literals(path):
        for word in (
            {text}
            if text in sources
            else {code for code in sources if sources[code] == "item" and code in text}
        ):
            yield shown(path), word, line


def is_argued(file: str, literal: str) -> bool:
    """Whether the exception is argued: by file and literal, or for all formats of a file, or as a mutant."""
    kind = facts()[literal]
    return (
        (file, literal) in ALLOWED
        or (kind == "format" and file in ALLOWED_FORMATS)
        or file.startswith("reference_impl/mutants/")
    )


def test_the_data_name_facts_of_each_kind() -> None:
    assert {"class", "format", "item", "channel", "sharing mode", "version"} == set(facts().values())
    assert len(facts()) > 50


def test_no_fact_of_the_standard_is_retyped() -> None:
    files = sources()
    assert len(files) > 300
    assert sum(len(list(literals(path))) for path in files) > 5000
    places = [place for path in files for place in retyped(path)]
    assert [f"{file}:{line}: {text!r}" for file, text, line in places if not is_argued(file, text)] == []
    uses = {(file, text) for file, text, _ in places}
    assert set(ALLOWED) - uses == set(), "allowed, and not there"
    formats = {file for file, text in uses if facts()[text] == "format"}
    assert ALLOWED_FORMATS - formats == set(), "allowed, and not there"
