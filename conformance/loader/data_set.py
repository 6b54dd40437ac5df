"""Reading a data set that a platform has loaded, and making sure that it is the one that was written."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from conformance.loader.files import Document, read_yaml
from conformance.loader.meta import META, check_document
from conformance.loader.problem import Problem, TargetErrors
from conformance.model.target import DataSet, digest_of
from conformance.model.text import Message

FORMAT = "fcsp-data-set/1"
MANIFEST = "manifest.json"
ITEMS = "items"


def load_data_set(folder: Path, root: Path) -> DataSet:
    """The set in a folder, or TargetErrors with all that is wrong with it."""
    manifest = _manifest(folder, root)
    problems = tuple(_altered(folder, manifest))
    if problems:
        raise TargetErrors(problems)
    records = list(_records(folder, manifest))
    if not records:
        raise _errors(folder / MANIFEST, "empty_set")
    return DataSet(
        id=manifest["id"],
        seed=manifest["seed"],
        day=date.fromisoformat(manifest["day"]),
        provider_uscc=manifest["provider_uscc"],
        records=frozenset(map(digest_of, records)),
        sample=records[0],
    )


def _manifest(folder: Path, root: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    try:
        value = json.loads(path.read_text("utf-8"))
    except OSError:
        raise _errors(path, "no_set") from None
    except ValueError as error:
        raise _errors(path, "bad_manifest", reason=str(error)) from None
    schema = read_yaml(root / META / "data_set.schema.yaml")
    problems = tuple(check_document(str(path), Document(value, {}), schema))
    if problems:
        raise TargetErrors(problems)
    manifest: Mapping[str, Any] = value
    return manifest


def _altered(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Files that are not what the manifest says."""
    for entry in manifest["files"]:
        path = folder / entry["name"]
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            yield _problem(path, "set_file_missing")
            continue
        if digest != entry["sha256"]:
            yield _problem(path, "set_file_altered", expected=entry["sha256"], found=digest)


def _records(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in manifest["files"]:
        for line in (folder / entry["name"]).read_bytes().splitlines():
            yield json.loads(line)


def _problem(path: Path, key: str, **args: Any) -> Problem:
    return Problem(str(path), "", "", Message(f"loader.{key}", args))


def _errors(path: Path, key: str, **args: Any) -> TargetErrors:
    return TargetErrors((_problem(path, key, **args),))
