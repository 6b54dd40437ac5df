"""The folder of a run: the reports written into it, and the result documents read back."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from conformance.cli.shared.errors import CommandError
from conformance.data.atomic_write import whole_or_nothing
from conformance.model.text import Lang
from conformance.results import ResultDocument, render_html, render_junit, same_platform
from conformance.results.document_model import DocumentModel

RESULT = "result.json"
_RUNS_READ = 20
"""Earlier runs that are read in search of one to compare with."""
_QUIET_VERDICTS = frozenset({"passed", "not_applicable", "not_effective", "manual"})


def write_reports(folder: Path, document: ResultDocument, lang: Lang) -> dict[str, Path]:
    """All renderings of a result document, by file name; the page exists in both languages."""
    pages = {name: render_html(document, page_lang) for name, page_lang in page_names(lang)}
    return write_renderings(folder, document, {**pages, "junit.xml": render_junit(document, lang)})


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


def page_names(lang: Lang) -> tuple[tuple[str, Lang], ...]:
    """File names of the page in the language of the reader and in the other one."""
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    return ("report.html", lang), (f"report.{other}.html", other)


def write_renderings(folder: Path, document: DocumentModel, renderings: Mapping[str, str]) -> dict[str, Path]:
    """Write the document and its renderings, each whole or not at all; returns the files by name."""
    texts = {RESULT: json.dumps(document.to_json(), ensure_ascii=False, indent=1) + "\n", **renderings}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with whole_or_nothing(folder / name) as temporary:
            temporary.write_text(text, "utf-8", errors="backslashreplace", newline="\n")
    return {name: folder / name for name in texts}


def previous_run(output: Path, document: ResultDocument) -> ResultDocument | None:
    """The latest earlier run of the same platform below `output`; for a whole run, a whole one if any."""
    run_id = document.run.id
    paths = [path for path in runs_below(output) if path.parent.name < run_id]
    incomplete: ResultDocument | None = None
    for path in reversed(paths[-_RUNS_READ:]):
        earlier = read_result(path)
        if earlier is None or not same_platform(earlier, document):
            continue
        if earlier.complete or not document.complete:
            return earlier
        incomplete = incomplete or earlier
    return incomplete


def runs_below(output: Path) -> list[Path]:
    """The result documents below a folder of runs, the earliest first."""
    return sorted(path for path in output.glob(f"*/{RESULT}") if path.is_file())


def read_result(path: Path) -> ResultDocument | None:
    """The result document of a run folder, or of the file itself; None where none can be read."""
    file = path / RESULT if path.is_dir() else path
    try:
        return ResultDocument.from_json(file.read_bytes())
    except (OSError, ValueError):
        return None


def require_result(path: Path) -> ResultDocument:
    """The result document of a run that the user named. Raises CommandError where none can be read."""
    document = read_result(path)
    if document is None:
        raise CommandError("no_result", path=str(path))
    return document


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
