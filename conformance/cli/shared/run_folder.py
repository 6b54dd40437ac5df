"""The folder of a run: the reports written into it, and the result documents read back."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, TypeGuard

from conformance import results
from conformance.cli.shared.errors import CommandError
from conformance.data.atomic_write import whole_or_nothing
from conformance.model.text import Lang

RESULT = "result.json"
_RUNS_READ = 20
"""Earlier runs that are read in search of one to compare with."""
_QUIET_VERDICTS = frozenset({"passed", "not_applicable", "not_effective", "manual"})


def write_reports(folder: Path, document: Mapping[str, Any], lang: Lang) -> dict[str, Path]:
    """All renderings of a result document; the page exists in both languages."""
    others = {"junit.xml": results.render_junit(document, lang)}
    return write_renderings(folder, document, lang, results.render_html, others)


def new_folder(folder: Path) -> Path:
    """A folder that nothing else writes into, numbered where others began in the same second."""
    for number in count(1):
        numbered = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        try:
            numbered.mkdir(parents=True)
        except FileExistsError:
            continue
        break
    return numbered


def write_renderings(
    folder: Path,
    document: Mapping[str, Any],
    lang: Lang,
    render_page: Callable[[Mapping[str, Any], Lang], str],
    others: Mapping[str, str],
) -> dict[str, Path]:
    """The document, the page in both languages and `others`, by file name; each whole or not at all."""
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
    run_id = document["run"]["id"]
    paths = [path for path in runs_below(output) if path.parent.name < run_id]
    incomplete: dict[str, Any] | None = None
    for path in reversed(paths[-_RUNS_READ:]):
        earlier = read_result(path)
        if earlier is None or not results.same_platform(earlier, document):
            continue
        if earlier["complete"] or not document["complete"]:
            return earlier
        incomplete = incomplete or earlier
    return incomplete


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
    return document if _is_result(document) else None


def require_result(path: Path) -> dict[str, Any]:
    """The result document of a run that the user named. Raises CommandError where none can be read."""
    document = read_result(path)
    if document is None:
        raise CommandError("no_result", path=str(path))
    return document


def _is_result(document: object) -> TypeGuard[dict[str, Any]]:
    """True for a document with the members by which runs are compared."""
    if not isinstance(document, dict) or document.get("format") != "fcsp-result/1":
        return False
    return {"run", "complete", "exit_code", "counts", "cases"} <= document.keys()


def last_failed(output: Path) -> frozenset[str] | None:
    """Cases of the latest run below `output` that did not pass; None if there is no run."""
    runs = runs_below(output)
    if not runs:
        return None
    document = json.loads(runs[-1].read_text("utf-8"))
    failed = [case for case in document["cases"] if case["verdict"] not in _QUIET_VERDICTS]
    # What a monitor saw comes back only when the case it saw it in is run again.
    observed = {finding["where"].rpartition("#")[0] for case in failed for finding in case["findings"]}
    ids = {case["id"] for case in document["cases"]}
    return frozenset({case["id"] for case in failed} | (observed & ids))
