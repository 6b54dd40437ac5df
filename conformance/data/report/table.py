"""CSV rendering for spreadsheets: one row per rule, and one per problem."""

import csv
import io
from collections.abc import Iterator

from conformance.data.report.document import DeliveryDocument
from conformance.data.report.order import loud, places, quiet
from conformance.messages import Messages, load_messages
from conformance.messages.visible import one_line
from conformance.model.text import Lang
from conformance.results.texts import Words, words

PLACES_SHOWN = 5
_BOM = "\ufeff"
_ACTIVE = tuple("=+-@＝＋－＠")
"""Characters that begin a formula in spreadsheets, half width and full width."""
_OWN = ("column_rule", "label_member", "column_title", "label_asks", "label_dimension")
Row = tuple[str | int, ...]


def render_csv(document: DeliveryDocument, lang: Lang, messages: Messages | None = None) -> str:
    """CSV text (RFC 4180, with byte-order mark) for a checked delivery."""
    registry = messages or load_messages()
    say, tell = words(registry, lang), words(registry, lang, "delivery")
    buffer = io.StringIO()
    table = csv.writer(buffer)
    rule_headings = [tell(key) for key in _OWN]
    count_headings = [say("column_verdict"), tell("label_bad"), say("column_share"), tell("label_first")]
    table.writerow([say("column_item"), *rule_headings, *count_headings])
    for row in (*_unread_rows(document, lang, say, tell), *_rule_rows(document, lang, say)):
        table.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return _BOM + buffer.getvalue()


def _unread_rows(document: DeliveryDocument, lang: Lang, say: Words, tell: Words) -> Iterator[Row]:
    """Yield rows for everything unread; they precede the rules so that the table does not seem complete."""
    verdict = say("verdict_not_verified")
    if not document.complete:
        yield ("", "", "", "", tell("unbegun"), "", verdict, "", "", "")
    for problem in document.problems:
        yield ("", "", "", "", problem.what.in_(lang), "", verdict, "", "", problem.place)


def _rule_rows(document: DeliveryDocument, lang: Lang, say: Words) -> Iterator[Row]:
    for item in document.items:
        titles = {one.id: one.title.in_(lang) for one in item.indicators}
        for rule in (*loud(item), *quiet(item)):
            dimension = titles.get(rule.dimension, rule.dimension)
            verdict = say(f"verdict_{rule.verdict}")
            part = f"{rule.rows / item.rows:.6f}" if item.rows else ""
            first = "; ".join(places(document, rule, PLACES_SHOWN))
            title = rule.title.in_(lang) if rule.title else ""
            identity = (item.code, rule.id, rule.member or "", title, rule.text.in_(lang))
            yield (*identity, dimension, verdict, rule.rows, part, first)


def escape_formula(cell: str) -> str:
    """A cell on one line, with a leading apostrophe if a spreadsheet would evaluate it."""
    text = one_line(cell)
    return f"'{text}" if text.lstrip().startswith(_ACTIVE) else text
