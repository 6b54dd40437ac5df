"""The result document as one self-contained page, which can be read without scripts and fetches nothing."""

from collections.abc import Mapping
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results import view
from conformance.results.coverage import item_coverage
from conformance.results.document import ResultDocument
from conformance.results.page import page
from conformance.results.requirement_blocks import requirement_blocks
from conformance.results.timeline import timeline

JUDGED = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.WARNED})


def render_html(document: ResultDocument, lang: Lang, messages: Messages | None = None) -> str:
    return page(
        "report.html.j2",
        lang,
        messages or load_messages(),
        running=document.run.id,
        d=document,
        platform_name=_platform_name(document.run.platform, lang),
        **_figures(document),
    )


def _figures(document: ResultDocument) -> dict[str, Any]:
    """Values that the templates show and would have to compute."""
    anchors = view.anchors(document)
    return {
        "verdicts": [verdict.value for verdict in Verdict if document.counts.requirements.get(verdict)],
        "by_id": {entry.id: entry for entry in document.requirements},
        "case_by_id": {case.id: case for case in document.cases},
        "judged": sum(count for name, count in document.counts.cases.items() if name in JUDGED),
        "anchors": anchors,
        "blocks": requirement_blocks(document, anchors),
        "verified": view.verified(document),
        "part_rows": view.part_rows(document),
        "clause_counts": view.clause_counts(document),
        "choices": view.choices(document),
        "items": item_coverage(document),
        "time": timeline(document),
    }


def _platform_name(platform: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Name and operator as the platform states them, where it does so in the agreed form."""
    name, operator = platform.get("name"), platform.get("operator")
    return {
        "platform": str(name.get(lang.value, "")) if isinstance(name, Mapping) else "",
        "operator": str(operator.get("name", "")) if isinstance(operator, Mapping) else "",
    }
