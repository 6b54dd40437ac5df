"""Pages: every string passes through autoescape, and the policy forbids requests and foreign scripts."""

import base64
import contextlib
import hashlib
import json
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from conformance.messages import Messages
from conformance.messages.visible import visible
from conformance.model.text import Lang
from conformance.results import differences, number_format, requirement_blocks, view
from conformance.results.console import SYMBOLS
from conformance.results.evidence_budget import BODY_SHOWN
from conformance.results.exchange_document import BodyEntry
from conformance.results.texts import script_text, words

MARKS = SYMBOLS | {"not_run": "·", "untested": "○"}


def page(template: str, lang: Lang, messages: Messages, *, running: str, **values: Any) -> str:
    """A filled-in page with its style and its script; `running` stands at the head of each printed one."""
    environment = _environment()
    style = environment.get_template("report.css").render(running=running, **values).strip()
    script = environment.get_template("report.js").render().strip()
    filled = environment.get_template(template).render(
        t=words(messages, lang),
        w=words(messages, lang, "delivery"),
        script_text=partial(script_text, messages, lang),
        symbols=MARKS,
        lang=lang.value,
        html_lang={"zh": "zh-CN", "en": "en"}[lang.value],
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        **values,
    )
    return str(filled)


@cache
def _environment() -> Any:
    """Compiling the templates takes longer than filling them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("conformance.results", "templates"),
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
        "faults": requirement_blocks.faults,
        "seconds": _seconds,
        "count": number_format.count,
        "share": number_format.share,
    }
    environment.globals |= {
        "lines": differences.lines,
        "pieces": differences.pieces,
        "segments": view.segments,
    }
    return environment


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


@dataclass(frozen=True, slots=True)
class _BodyOnPage:
    """A body, indented if it is JSON, and cut where it is long."""

    text: str
    bytes: int
    cut: bool


def _body(body: BodyEntry) -> _BodyOnPage:
    text = body.text
    with contextlib.suppress(ValueError, RecursionError):  # a body may not be JSON, or nest without end
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return _BodyOnPage(text[:BODY_SHOWN], body.bytes, body.truncated or len(text) > BODY_SHOWN)
