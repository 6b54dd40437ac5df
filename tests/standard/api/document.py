"""Reading the published API in tests: with a plain YAML reader, not with the one under test."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "schemas" / "api"
FILES = sorted(FOLDER.rglob("*.yaml"))
METHODS = ("get", "put", "post", "delete", "patch")


@cache
def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # strings only


def walk(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every node below a node with its pointer."""
    yield at, node
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        yield from walk(part, f"{at}/{name}")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, in the document's order."""
    for path, entry in read(FOLDER / "platform.openapi.yaml")["paths"].items():
        name, _, pointer = entry["$ref"].partition("#/")
        item = read(FOLDER / name)[pointer]
        yield from ((path, method.upper(), item[method]) for method in METHODS if method in item)
