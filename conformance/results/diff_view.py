"""A comparison of two runs as plain text, for a terminal or the log of a pipeline."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.messages.visible import visible
from conformance.model.text import Lang
from conformance.results.texts import Words, words

GROUPS = ("newly_failing", "fixed", "still_failing", "new", "removed")
_SHOWN = 40


def render_comparison(
    comparison: Mapping[str, Any], lang: Lang, *, whole: bool = True, messages: Messages | None = None
) -> str:
    """What changed since the earlier run: each case, or one line with the counts alone."""
    say = words(messages or load_messages(), lang)
    lines = _lines(comparison, say) if whole else iter([_summary(comparison, say)])
    return "\n".join(map(visible, lines))


def _lines(comparison: Mapping[str, Any], say: Words) -> Iterator[str]:
    if comparison["differing"]:
        names = ", ".join(say(f"condition_{name}") for name in comparison["differing"])
        yield say("changes_differing", names=names)
        yield ""
    for group in GROUPS:
        changes = comparison[group]
        if changes:
            yield f"{say(f'changes_{group}')} ({len(changes)})"
            yield from (f"  {_change(change, say)}" for change in changes[:_SHOWN])
            if len(changes) > _SHOWN:
                yield "  " + say("more", count=len(changes) - _SHOWN)
            yield ""
    yield _summary(comparison, say)


def _change(change: Mapping[str, Any], say: Words) -> str:
    verdicts = [say(f"verdict_{change[side]}") for side in ("before", "after") if change[side]]
    return f"{change['case']}  {' → '.join(dict.fromkeys(verdicts))}"


def _summary(comparison: Mapping[str, Any], say: Words) -> str:
    counts = {group: len(comparison[group]) for group in GROUPS}
    return say("changes_summary", run=comparison["with"]["id"], unchanged=comparison["unchanged"], **counts)
