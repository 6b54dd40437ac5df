"""The clock of the standard: its days and moments are those of China (UTC+08:00 all year)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, with the offset of China."""
    return datetime.now(CHINA)


def today() -> date:
    """The day in China."""
    return now().date()


def day_of(timestamp: float) -> date:
    """The day in China of a POSIX timestamp in seconds."""
    return datetime.fromtimestamp(timestamp, CHINA).date()
