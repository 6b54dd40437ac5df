"""The time zone of all dates of the standard: China Standard Time, UTC+8 without summer time."""

from datetime import timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
