"""The result document as one self-contained page, which can be read without scripts and fetches nothing."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.reports import differences, view
from conformance.reports.coverage import item_coverage
from conformance.reports.ration import BODY_SHOWN
from conformance.reports.terminal import SYMBOLS
from conformance.reports.texts import visible, words
from conformance.reports.timeline import timeline

JUDGED = frozenset({"passed", "failed", "warned"})
MARKS = SYMBOLS | {"not_run": "·", "untested": "○"}


def render_html(document: Mapping[str, Any], lang: Lang, messages: Messages | None = None) -> str:
    """Every string passes through autoescape; the page's own policy forbids requests and foreign scripts."""
    environment = _environment()
    style = environment.get_template("report.css").render(d=document, lang=lang.value).strip()
    script = environment.get_template("report.js").render().strip()
    page = environment.get_template("report.html.j2").render(
        t=words(messages or load_messages(), lang),
        symbols=MARKS,
        d=document,
        lang=lang.value,
        named=_named(document["run"]["platform"], lang),
        html_lang={"zh": "zh-CN", "en": "en"}[lang.value],
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        **_figures(document),
    )
    return str(page)


def _figures(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates show and would have to work out."""
    anchors = view.anchors(document)
    return {
        "verdicts": [v.value for v in Verdict if document["counts"]["requirements"].get(v.value)],
        "by_id": {entry["id"]: entry for entry in document["requirements"]},
        "case_by_id": {case["id"]: case for case in document["cases"]},
        "judged": sum(count for name, count in document["counts"]["cases"].items() if name in JUDGED),
        "anchors": anchors,
        "blocks": view.blocks(document, anchors),
        "verified": view.verified(document),
        "part_rows": view.part_rows(document),
        "clause_counts": view.clause_counts(document),
        "choices": view.choices(document),
        "items": item_coverage(document),
        "time": timeline(document),
    }


@cache
def _environment() -> Any:
    """Compiling the templates takes longer than filling them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("conformance.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters |= {
        "shown": differences.shown,
        "body": _body,
        "state": view.clause_state,
        "faults": view.faults,
        "seconds": _seconds,
    }
    environment.globals |= {
        "lines": differences.lines,
        "pieces": differences.pieces,
        "segments": view.segments,
    }
    return environment


def _named(platform: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Name and operator as the platform states them, where it does so in the agreed form."""
    name, operator = platform.get("name"), platform.get("operator")
    return {
        "platform": str(name.get(lang.value, "")) if isinstance(name, Mapping) else "",
        "operator": str(operator.get("name", "")) if isinstance(operator, Mapping) else "",
    }


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _body(body: Mapping[str, Any]) -> dict[str, Any]:
    text = str(body["text"])
    with contextlib.suppress(ValueError, RecursionError):  # a body may be no JSON, or nest without end
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    cut = body["truncated"] or len(text) > BODY_SHOWN
    return {"text": text[:BODY_SHOWN], "bytes": body["bytes"], "cut": cut}
