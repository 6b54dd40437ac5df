"""A comparison of two runs as plain text, for a terminal or the log of a pipeline."""

from collections.abc import Iterator

from conformance.messages import Messages, load_messages
from conformance.messages.visible import visible
from conformance.model.text import Lang
from conformance.results.document import ComparisonEntry, VerdictChange
from conformance.results.texts import Words, words

GROUPS = ("newly_failing", "fixed", "still_failing", "new", "removed")
_SHOWN = 40


def render_comparison(
    comparison: ComparisonEntry, lang: Lang, *, in_full: bool = True, messages: Messages | None = None
) -> str:
    """Changes since the earlier run: each case, or one line with the counts alone."""
    say = words(messages or load_messages(), lang)
    lines = _lines(comparison, say) if in_full else iter([_summary(comparison, say)])
    return "\n".join(map(visible, lines))


def _lines(comparison: ComparisonEntry, say: Words) -> Iterator[str]:
    if comparison.differing:
        names = ", ".join(say(f"condition_{name}") for name in comparison.differing)
        yield say("changes_differing", names=names)
        yield ""
    for group in GROUPS:
        changes = _changes(comparison, group)
        if changes:
            yield f"{say(f'changes_{group}')} ({len(changes)})"
            yield from (f"  {_change(change, say)}" for change in changes[:_SHOWN])
            if len(changes) > _SHOWN:
                yield "  " + say("more", count=len(changes) - _SHOWN)
            yield ""
    yield _summary(comparison, say)


def _changes(comparison: ComparisonEntry, group: str) -> list[VerdictChange]:
    changes: list[VerdictChange] = getattr(comparison, group)
    return changes


def _change(change: VerdictChange, say: Words) -> str:
    verdicts = [say(f"verdict_{verdict}") for verdict in (change.before, change.after) if verdict]
    return f"{change.case}  {' → '.join(dict.fromkeys(verdicts))}"


def _summary(comparison: ComparisonEntry, say: Words) -> str:
    counts = {group: len(_changes(comparison, group)) for group in GROUPS}
    return say("changes_summary", run=comparison.earlier.id, unchanged=comparison.unchanged, **counts)
