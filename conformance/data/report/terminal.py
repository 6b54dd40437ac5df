"""A checked delivery for a terminal: files, broken rules by item, what was not read, the conclusion."""

from typing import Any

from conformance.data.report.document import DeliveryDocument, FileEntry, ItemEntry, RuleEntry
from conformance.data.report.order import files, heading, item_name, loud, places, rows, worst
from conformance.messages import Messages, load_messages
from conformance.messages.visible import one_line
from conformance.model.text import Lang
from conformance.results.console import STYLES, SYMBOLS, canvas, printed
from conformance.results.number_format import count, share
from conformance.results.texts import Words, words

FILES_SHOWN = 30
RULES_SHOWN = 20
PLACES_SHOWN = 3
PROBLEMS_SHOWN = 50
_TONES = {"read": "", "begun": STYLES["not_verified"], "not_reached": STYLES["not_verified"]}


def render_terminal(
    document: DeliveryDocument,
    lang: Lang,
    *,
    color: bool = False,
    width: int = 100,
    messages: Messages | None = None,
) -> str:
    """Terminal text for a checked delivery; `width` in columns."""
    screen = _Screen(document, lang, messages or load_messages(), canvas(color=color, width=width))
    if document.files:
        screen.files()
    for item in document.items:
        screen.item(item)
    if document.problems:
        screen.problems()
    screen.conclusion()
    return printed(screen.console)


class _Screen:
    """One document on one canvas."""

    def __init__(self, document: DeliveryDocument, lang: Lang, messages: Messages, console: Any) -> None:
        self.document = document
        self.lang = lang
        self.say: Words = words(messages, lang)
        self.tell: Words = words(messages, lang, "delivery")
        self.console = console

    def line(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style)

    def files(self) -> None:
        from rich.table import Table

        tell, file_entries = self.tell, files(self.document)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(tell("column_file"), overflow="fold", min_width=24)
        table.add_column(self.say("column_item"), no_wrap=True, max_width=14)
        for label in ("label_rows", "label_bad"):
            table.add_column(tell(label), justify="right", no_wrap=True)
        table.add_column(tell("column_state"), no_wrap=True)
        for file in file_entries[:FILES_SHOWN]:
            table.add_row(*self._file(file), style=_TONES.get(file.state, STYLES["errored"]))
        self.console.print(table)
        if len(file_entries) > FILES_SHOWN:
            self.line(tell("more_files", count=len(file_entries) - FILES_SHOWN), "dim")

    def _file(self, file: FileEntry) -> tuple[str, ...]:
        item, state = item_name(file.item, self.tell), self.tell(f"state_{file.state}")
        return one_line(file.name), item, count(file.rows), count(file.bad), state

    def item(self, item: ItemEntry) -> None:
        loud_rules = loud(item)
        verdict = worst(item)
        bad = f"{self.tell('label_bad')} {count(item.bad)} ({share(item.bad, item.rows)})"
        head = f"{SYMBOLS[verdict]} {heading(item, self.lang, self.tell)}"
        self.line("")
        self.line(f"{head}  {rows(item.rows, self.tell)}  {bad}", STYLES[verdict])
        for rule in loud_rules[:RULES_SHOWN]:
            self.rule(rule, item)
        if len(loud_rules) > RULES_SHOWN:
            self.line("  " + self.say("more", count=len(loud_rules) - RULES_SHOWN))
        self.line(f"  {self.tell('heading_indicators')}: {self._indicators(item)}", "dim")

    def rule(self, rule: RuleEntry, item: ItemEntry) -> None:
        title = rule.title.in_(self.lang) if rule.title else ""
        extent = f"{rows(rule.rows, self.tell)} ({share(rule.rows, item.rows)})"
        head = "  ".join(filter(None, (one_line(rule.id), one_line(title), extent)))
        self.line(f"  {SYMBOLS[rule.verdict]} {head}", STYLES[rule.verdict])
        self.line(f"      {one_line(rule.text.in_(self.lang))}")
        for place in places(self.document, rule, PLACES_SHOWN):
            self.line(f"      {place}", "dim")

    def _indicators(self, item: ItemEntry) -> str:
        return " · ".join(
            f"{one.title.in_(self.lang)} {share(one.good, one.of)} ({count(one.good)}/{count(one.of)})"
            for one in item.indicators
        )

    def problems(self) -> None:
        problems = self.document.problems
        self.line("")
        self.line(
            f"{SYMBOLS['errored']} {self.tell('heading_problems')} ({count(len(problems))})",
            STYLES["errored"],
        )
        for problem in problems[:PROBLEMS_SHOWN]:
            self.line(f"  {one_line(problem.place)}  {one_line(problem.what.in_(self.lang))}", "magenta")
        if len(problems) > PROBLEMS_SHOWN:
            self.line("  " + self.say("more", count=len(problems) - PROBLEMS_SHOWN))

    def conclusion(self) -> None:
        kind = self.document.conclusion.kind
        verdict = {"conforms": "passed", "does_not_conform": "failed"}.get(kind, "not_verified")
        self.line("")
        self.line(f"{SYMBOLS[verdict]} {self.tell('headline_' + kind)}", STYLES[verdict])
        self.line(self.document.conclusion.text.in_(self.lang), "bold")
        self.line(f"{self.say('label_checklist')}: {self.document.checklist.status.in_(self.lang)}", "dim")
