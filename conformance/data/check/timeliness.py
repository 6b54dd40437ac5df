"""Whether records came within the working days that their item gives them."""

from collections import Counter

import polars as pl

from conformance.data.check.judge import GENERATED_AT, Judge


def marks(noted: pl.DataFrame, judge: Judge) -> Counter[str]:
    """How many rows came `on_time` or `late`; `unknown` where the calendar or the row does not tell."""
    rule = judge.item.timeliness
    if rule is None or GENERATED_AT not in noted.columns or not noted.height:
        return Counter()
    days = noted[rule.since].unique().drop_nulls()
    last = [judge.last_day(day) for day in days]
    known = pl.DataFrame({rule.since: days, "#last": pl.Series(last, dtype=pl.String)})
    made = noted.select(rule.since, pl.col(GENERATED_AT).str.slice(0, 10).alias("#made"))
    told = made.join(known, on=rule.since, how="left", maintain_order="left")
    late = told["#made"] > told["#last"]
    counts = {"late": int(late.sum()), "on_time": int((~late).sum()), "unknown": late.null_count()}
    return Counter({mark: count for mark, count in counts.items() if count})
