"""A checked delivery as one self-contained page, in the look of the report on a run."""

from typing import Any

from conformance.data.report import order, view
from conformance.data.report.document import DeliveryDocument
from conformance.messages import Messages, load_messages
from conformance.model.text import Lang
from conformance.results.page import page
from conformance.results.texts import words


def render_html(document: DeliveryDocument, lang: Lang, messages: Messages | None = None) -> str:
    """A self-contained HTML page for a checked delivery."""
    registry = messages or load_messages()
    tell = words(registry, lang, "delivery")
    return page(
        "delivery.html.j2",
        lang,
        registry,
        running=document.run.started_at,
        d=document,
        heading=lambda item: order.heading(item, lang, tell),
        called=lambda code: order.item_name(code, tell),
        file_name=lambda number: order.name(document, number),
        rows=lambda number: order.rows(number, tell),
        **_figures(document),
    )


def _figures(document: DeliveryDocument) -> dict[str, Any]:
    """Computed values for the templates."""
    dimensions = view.dimensions(document)
    files = order.files(document)
    return {
        "blocks": view.blocks(document),
        "first": view.first_rules(document),
        "dimensions": dimensions,
        "dimension_titles": {one.id: one.title for one in dimensions},
        "choices": view.choices(document),
        "scope": order.scope(document),
        "files": files[: view.FILES_SHOWN],
        "files_left_out": max(len(files) - view.FILES_SHOWN, 0),
        "problems": document.problems[: view.PROBLEMS_SHOWN],
        "problems_left_out": max(len(document.problems) - view.PROBLEMS_SHOWN, 0),
        "halves": view.halves,
        "verdicts": list(view.choices(document)["verdict"]),
    }
