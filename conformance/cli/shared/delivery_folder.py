"""The folder of a checked delivery: the reports that are written into it."""

from pathlib import Path

from conformance.cli.shared.run_folder import page_names, write_renderings
from conformance.data.report import DeliveryDocument, render_csv, render_html, render_junit
from conformance.model.text import Lang


def write_delivery(folder: Path, document: DeliveryDocument, lang: Lang) -> dict[str, Path]:
    """All renderings of the result document of a checked delivery, by file name."""
    pages = {name: render_html(document, page_lang) for name, page_lang in page_names(lang)}
    tables = {"junit.xml": render_junit(document, lang), "rules.csv": render_csv(document, lang)}
    return write_renderings(folder, document, {**pages, **tables})
