"""Writing the data set that a platform loads: a file for each item, a manifest, a word to the vendor."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from conformance.loader.data_set import FORMAT, ITEMS, MANIFEST
from conformance.model.judgement import Check
from conformance.model.standard import Standard
from conformance.model.target import DataSet, Target
from conformance.preload.rehearsal import rehearsed
from conformance.runner import Monitor, Settings, plan

README = "README.md"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    records: int
    items: int


def export(  # noqa: PLR0913
    folder: Path,
    standard: Standard,
    target: Target,
    checks: Iterable[Check],
    monitors: Iterable[Monitor],
    *,
    seed: int,
    set_id: str,
    day: date,
    readme: str,
) -> Exported:
    """Write the set below `folder`. Equal seeds, ids and days give equal sets; `readme` is for the vendor."""
    provider = target.clients.get("provider")
    data_set = DataSet(set_id, seed, day, provider.uscc if provider else "")
    described = replace(target, provisioning="preloaded", data_set=data_set)
    standard = standard.on(day, described.division)
    planned = plan(standard, described, checks, tuple(monitors), settings=Settings(seed, set_id, day))
    records = rehearsed(planned.planned, standard, described, data_set)
    by_item: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        by_item.setdefault(record["item_code"], []).append(record)
    (folder / ITEMS).mkdir(parents=True, exist_ok=True)
    files = [_write(folder, code, item_records) for code, item_records in sorted(by_item.items())]
    manifest = {
        "format": FORMAT,
        "id": set_id,
        "seed": seed,
        "day": day.isoformat(),
        "provider_uscc": data_set.provider_uscc,
        "standard": {"version": standard.version, "digest": standard.digest},
        "checklist_version": standard.checklist.version,
        "records": len(records),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    (folder / README).write_text(readme + "\n", "utf-8")
    return Exported(folder, len(records), len(files))


def _write(folder: Path, code: str, records: list[Mapping[str, Any]]) -> dict[str, Any]:
    content = b"".join(orjson.dumps(record) + b"\n" for record in records)
    name = f"{ITEMS}/{code}.ndjson"
    (folder / name).write_bytes(content)
    return {
        "name": name,
        "item_code": code,
        "records": len(records),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
