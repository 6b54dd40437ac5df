"""Timeliness of records: reported within the working days that the item allows."""

from collections import Counter

import polars as pl

from conformance.data.check.judge import GENERATED_AT, ItemJudge


def count_timeliness(noted: pl.DataFrame, judge: ItemJudge) -> Counter[str]:
    """Number of rows `on_time`, `late`, or `unknown` if the calendar or the row lacks a day."""
    rule = judge.item.timeliness
    if rule is None or GENERATED_AT not in noted.columns or not noted.height:
        return Counter()
    days = noted[rule.since].unique().drop_nulls()
    last = [judge.last_day(day) for day in days]
    limits = pl.DataFrame({rule.since: days, "#last": pl.Series(last, dtype=pl.String)})
    generated = noted.select(rule.since, pl.col(GENERATED_AT).str.slice(0, 10).alias("#made"))
    compared = generated.join(limits, on=rule.since, how="left", maintain_order="left")
    late = compared["#made"] > compared["#last"]
    counts = {"late": int(late.sum()), "on_time": int((~late).sum()), "unknown": late.null_count()}
    return Counter({mark: count for mark, count in counts.items() if count})
