"""Rules over the code sets."""

from collections.abc import Iterator
from typing import Any

from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import CODES, code_files
from conformance.loader.tree import Tree

SHARING_MODES, SOURCE_CHANNELS = f"{CODES}/sharing_mode.yaml", f"{CODES}/source_channel.yaml"


def codes_of(tree: Tree, name: str, having: str = "code") -> frozenset[str]:
    """Codes of a set that have a property; empty where its file cannot be used."""
    rows = tree.value(f"{CODES}/{name}.yaml", {}).get("codes", ())
    return frozenset(row["code"] for row in rows if having in row)


def _sets(tree: Tree) -> Iterator[tuple[str, Place, Any]]:
    """Names of files, places and values of the code sets."""
    for stem, file in code_files(tree).items():
        value = tree.value(file, {})
        yield stem, Place(tree, file, (), value["id"]), value


@rule("code-set-file-name")
def file_name(tree: Tree) -> Iterator[Problem]:
    """A code set has the name of its file."""
    for stem, place, value in _sets(tree):
        if value["id"] != stem:
            yield place.at("id").problem("stem", expected=stem, found=value["id"])


@rule("code-unique")
def code_unique(tree: Tree) -> Iterator[Problem]:
    """Codes of a set are unique."""
    for _, place, value in _sets(tree):
        yield from duplicates((place.at("codes", n), row["code"]) for n, row in enumerate(value["codes"]))


@rule("sharing-mode-channel-known")
def channel_known(tree: Tree) -> Iterator[Problem]:
    """Sharing modes name source channels that exist."""
    channels = codes_of(tree, "source_channel")
    for n, row in enumerate(tree.value(SHARING_MODES, {}).get("codes", ())):
        if channels:
            place = Place(tree, SHARING_MODES, ("codes", n, "channels"), row["code"])
            yield from place.unknown("channel", row.get("channels", ()), channels)
