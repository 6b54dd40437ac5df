"""The folder of a run: what is written there, and reading the last one again."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from conformance.data.atomic_write import whole_or_nothing
from conformance.model.text import Lang

RESULT = "result.json"
_LOOKED_AT = 20
"""How many earlier runs are read in search of one to compare with."""
_FINE = frozenset({"passed", "not_applicable", "not_effective", "manual"})


def write_reports(folder: Path, document: Mapping[str, Any], lang: Lang) -> dict[str, Path]:
    """All renderings of a result document; the page exists in both languages."""
    from conformance.results import render_html, render_junit

    return _written(folder, document, lang, render_html, {"junit.xml": render_junit(document, lang)})


def write_delivery(folder: Path, document: Mapping[str, Any], lang: Lang) -> dict[str, Path]:
    """All renderings of the result document of a checked delivery."""
    from conformance.data.report import render_csv, render_html, render_junit

    others = {"junit.xml": render_junit(document, lang), "rules.csv": render_csv(document, lang)}
    return _written(folder, document, lang, render_html, others)


def new_folder(folder: Path) -> Path:
    """A folder that nothing else writes into, numbered where others began in the same second."""
    for number in count(1):
        made = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        try:
            made.mkdir(parents=True)
        except FileExistsError:
            continue
        break
    return made


def _written(
    folder: Path,
    document: Mapping[str, Any],
    lang: Lang,
    render_page: Callable[[Mapping[str, Any], Lang], str],
    others: Mapping[str, str],
) -> dict[str, Path]:
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    texts = {
        RESULT: json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        "report.html": render_page(document, lang),
        f"report.{other}.html": render_page(document, other),
        **others,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with whole_or_nothing(folder / name) as temporary:
            temporary.write_text(text, "utf-8", errors="backslashreplace", newline="\n")
    return {name: folder / name for name in texts}


def previous_run(output: Path, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The latest earlier run of the same platform below `output`; for a whole run, a whole one if any."""
    from conformance.results import same_platform

    own = document["run"]["id"]
    paths = [path for path in runs_below(output) if path.parent.name < own]
    found: dict[str, Any] | None = None
    for path in reversed(paths[-_LOOKED_AT:]):
        earlier = read_result(path)
        if earlier is None or not same_platform(earlier, document):
            continue
        if earlier["complete"] or not document["complete"]:
            return earlier
        found = found or earlier
    return found


def runs_below(output: Path) -> list[Path]:
    """The result documents below a folder of runs, the earliest first."""
    return sorted(path for path in output.glob(f"*/{RESULT}") if path.is_file())


def read_result(path: Path) -> dict[str, Any] | None:
    """The result document of a run folder, or of the file itself; None where none can be read."""
    file = path / RESULT if path.is_dir() else path
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return document if _readable(document) else None


def _readable(document: Any) -> bool:
    """Whether it has what another run is compared by."""
    if not isinstance(document, dict) or document.get("format") != "fcsp-result/1":
        return False
    return {"run", "complete", "exit_code", "counts", "cases"} <= document.keys()


def last_failed(output: Path) -> frozenset[str] | None:
    """Cases of the latest run below `output` that did not pass; None if there is no run."""
    runs = runs_below(output)
    if not runs:
        return None
    document = json.loads(runs[-1].read_text("utf-8"))
    loud = [case for case in document["cases"] if case["verdict"] not in _FINE]
    # What a monitor saw comes back only when the case it saw it in is run again.
    seen = {finding["where"].rpartition("#")[0] for case in loud for finding in case["findings"]}
    known = {case["id"] for case in document["cases"]}
    return frozenset({case["id"] for case in loud} | (seen & known))
