"""What a comparison came to: a table of items and formats, and what the formats do not hold."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.equal.outcome import Outcome

_HEADS = (
    "item",
    "format",
    "rows",
    "wrong",
    "repeated",
    "by column",
    "rules broken",
    "cross-field",
    "disagreements",
)


def table(outcomes: Sequence[Outcome]) -> str:
    """Markdown, with a sum of each format."""
    lines = [_row(*_HEADS), _row(*("---" for _ in _HEADS))]
    lines += [_table_line(one.item, one.form, _figures(one)) for one in outcomes]
    for form, format_outcomes in _by_format(outcomes).items():
        lines.append(
            _table_line("sum", form, tuple(map(sum, zip(*map(_figures, format_outcomes), strict=True))))
        )
    return "\n".join(lines)


def left_out(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What formats do not hold, and why."""
    for form, format_outcomes in _by_format(outcomes).items():
        reasons = sum((one.left for one in format_outcomes), Counter[str]())
        if reasons.total():
            of_all, reason_counts = sum(one.generated for one in format_outcomes), sorted(reasons.items())
            counts = ", ".join(f"{reason} {count:,}" for reason, count in reason_counts if count)
            yield f"{form} does not hold {reasons.total():,} of {of_all:,} lines: {counts}"


def _by_format(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    forms = dict.fromkeys(one.form for one in outcomes)
    return {form: [one for one in outcomes if one.form == form] for form in forms}


def _figures(outcome: Outcome) -> tuple[int, ...]:
    cross = sum("/" not in rule and "." in rule for rule in outcome.rules)
    counts = (outcome.rows, outcome.bad, outcome.repeated, outcome.by_column)
    return (*counts, len(outcome.rules), cross, outcome.cross, outcome.disagreements)


def _table_line(item: str, form: str, figures: tuple[int, ...]) -> str:
    *counts, cross, asked, wrong = figures
    return _row(item, form, *counts, f"{cross}/{asked}", wrong)


def _row(*cells: object) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"
