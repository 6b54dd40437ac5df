"""The result document for a terminal: colored where asked, plain otherwise."""

from collections.abc import Mapping
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.messages.visible import visible
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results.console import STYLES, SYMBOLS, canvas, printed
from conformance.results.document import CaseEntry, RequirementEntry, ResultDocument
from conformance.results.texts import Words, words

_QUIET = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})
_OPEN = frozenset({Verdict.NOT_VERIFIED, Verdict.INCONCLUSIVE})
_CASES_SHOWN = 5


def render_terminal(
    document: ResultDocument,
    lang: Lang,
    *,
    color: bool = False,
    width: int = 100,
    messages: Messages | None = None,
) -> str:
    say = words(messages or load_messages(), lang)
    console = canvas(color=color, width=width)
    _parts(console, document, lang, say)
    _troubles(console, document, lang, say)
    _summary(console, document, lang, say)
    return printed(console)


def _parts(console: Any, document: ResultDocument, lang: Lang, say: Words) -> None:
    from rich.table import Table

    verdicts = {entry.id: entry.verdict for entry in document.requirements}
    present = [v for v in Verdict if document.counts.requirements.get(v)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say("column_part"), no_wrap=True)
    for verdict in present:
        table.add_column(say(f"verdict_{verdict}"), justify="right", style=STYLES[verdict])
    for part in document.parts:
        part_verdicts = [verdicts[id_] for id_ in part.requirements]
        table.add_row(
            part.title.in_(lang), *(str(part_verdicts.count(verdict) or "·") for verdict in present)
        )
    console.print(table)
    console.print()


def _troubles(console: Any, document: ResultDocument, lang: Lang, say: Words) -> None:
    cases = {entry.id: entry for entry in document.cases}
    for requirement in document.requirements:
        if requirement.verdict in _OPEN:
            _open(console, requirement, lang, say)
        elif requirement.verdict not in _QUIET:
            _trouble(console, requirement, cases, lang, say)


def _open(console: Any, requirement: RequirementEntry, lang: Lang, say: Words) -> None:
    """One line: what stands open has a reason, and nothing to compare."""
    verdict, explanation = requirement.verdict, requirement.why
    reason = visible(explanation.text.in_(lang)) if explanation else requirement.sentence.in_(lang)
    console.print(
        f"{SYMBOLS[verdict]} {requirement.id} {say('verdict_' + verdict)}  {reason}", style=STYLES[verdict]
    )


def _trouble(
    console: Any, requirement: RequirementEntry, cases: Mapping[str, CaseEntry], lang: Lang, say: Words
) -> None:
    verdict = requirement.verdict
    console.print()
    head = f"{SYMBOLS[verdict]} {requirement.id} {say('verdict_' + verdict)}"
    console.print(f"{head}  {requirement.sentence.in_(lang)}", style=STYLES[verdict])
    loud = [cases[id_] for id_ in requirement.cases if id_ in cases and cases[id_].verdict not in _QUIET]
    for case in loud[:_CASES_SHOWN]:
        _case(console, case, lang, say)
    if len(loud) > _CASES_SHOWN:
        console.print("  " + say("more_cases", count=len(loud) - _CASES_SHOWN))
    console.print(f"  → {requirement.remediation.in_(lang)}", style="dim")
    console.print()


def _case(console: Any, case: CaseEntry, lang: Lang, say: Words) -> None:
    console.print(f"  {visible(case.id)}", style="bold")
    for finding in case.findings:
        console.print(f"    {visible(finding.message.text.in_(lang))}")
        if finding.expected is not None or finding.actual is not None:
            console.print(f"    {say('label_expected')}: {_short(finding.expected)}")
            console.print(f"    {say('label_actual')}: {_short(finding.actual)}")
        if finding.where:
            console.print(f"    {say('label_where')}: {visible(finding.where)}", style="dim")


def _summary(console: Any, document: ResultDocument, lang: Lang, say: Words) -> None:
    from rich.text import Text

    line = Text()
    for verdict, count in document.counts.requirements.items():
        line.append(f"{SYMBOLS[verdict]} {say('verdict_' + verdict)} {count}  ", style=STYLES[verdict])
    console.print()
    console.print(line)
    console.print(document.conclusion.text.in_(lang), style="bold")
    console.print(f"{say('label_checklist')}: {document.checklist.status.in_(lang)}", style="dim")


def _short(value: Any) -> str:
    text = visible(str(value))
    return text if len(text) <= 300 else text[:300] + "…"
