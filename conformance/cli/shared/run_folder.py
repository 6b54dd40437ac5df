"""The folder of a run: what is written there, and reading the last one again."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.data.atomic_write import whole_or_nothing
from conformance.model.text import Lang

if TYPE_CHECKING:
    from conformance.data.report import DeliveryDocument
    from conformance.results import ResultDocument
    from conformance.results.document_model import DocumentModel

RESULT = "result.json"
_LOOKED_AT = 20
"""How many earlier runs are read in search of one to compare with."""
_FINE = frozenset({"passed", "not_applicable", "not_effective", "manual"})


def write_reports(folder: Path, document: "ResultDocument", lang: Lang) -> dict[str, Path]:
    """All renderings of a result document; the page exists in both languages."""
    from conformance.results import render_html, render_junit

    pages = {name: render_html(document, page_lang) for name, page_lang in _pages(lang)}
    return _written(folder, document, {**pages, "junit.xml": render_junit(document, lang)})


def write_delivery(folder: Path, document: "DeliveryDocument", lang: Lang) -> dict[str, Path]:
    """All renderings of the result document of a checked delivery."""
    from conformance.data.report import render_csv, render_html, render_junit

    pages = {name: render_html(document, page_lang) for name, page_lang in _pages(lang)}
    tables = {"junit.xml": render_junit(document, lang), "rules.csv": render_csv(document, lang)}
    return _written(folder, document, {**pages, **tables})


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


def _pages(lang: Lang) -> tuple[tuple[str, Lang], ...]:
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    return ("report.html", lang), (f"report.{other}.html", other)


def _written(folder: Path, document: "DocumentModel", renderings: Mapping[str, str]) -> dict[str, Path]:
    texts = {RESULT: json.dumps(document.to_json(), ensure_ascii=False, indent=1) + "\n", **renderings}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with whole_or_nothing(folder / name) as temporary:
            temporary.write_text(text, "utf-8", errors="backslashreplace", newline="\n")
    return {name: folder / name for name in texts}


def previous_run(output: Path, document: "ResultDocument") -> "ResultDocument | None":
    """The latest earlier run of the same platform below `output`; for a whole run, a whole one if any."""
    from conformance.results import same_platform

    own = document.run.id
    paths = [path for path in runs_below(output) if path.parent.name < own]
    found: ResultDocument | None = None
    for path in reversed(paths[-_LOOKED_AT:]):
        earlier = read_result(path)
        if earlier is None or not same_platform(earlier, document):
            continue
        if earlier.complete or not document.complete:
            return earlier
        found = found or earlier
    return found


def runs_below(output: Path) -> list[Path]:
    """The result documents below a folder of runs, the earliest first."""
    return sorted(path for path in output.glob(f"*/{RESULT}") if path.is_file())


def read_result(path: Path) -> "ResultDocument | None":
    """The result document of a run folder, or of the file itself; None where none can be read."""
    from conformance.results import ResultDocument

    file = path / RESULT if path.is_dir() else path
    try:
        return ResultDocument.from_json(file.read_bytes())
    except (OSError, ValueError):
        return None


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
