"""What commands start from: the standard, the target, the day, the selection, and lists that users write."""

import re
import secrets
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from conformance.cli.shared.errors import CommandError
from conformance.loader import load_standard, load_target
from conformance.model import clock
from conformance.model.errors import UserError
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
_RESERVED_DIVISIONS = "divisions"
_LONGEST_NONCE = 64


def open_standard(folder: Path | None, as_of: str | None, division: str = "") -> Standard:
    """The standard as it holds on a day in a division.

    Raises CommandError for a day before the standard and for an unknown division, StandardErrors.
    """
    standard = load_standard(folder)
    require_division(standard, division)
    return standard.on(judgement_day(as_of, standard), division)


def open_target(target: Path, folder: Path | None, as_of: str | None = None) -> tuple[Standard, Target]:
    """The target, and the standard as it holds there on the day to judge by.

    Raises CommandError without a target or for a day before the standard, TargetErrors, StandardErrors.
    """
    if not target.is_file():
        raise CommandError("no_target", file=str(target))
    standard, described = load_standard(folder), load_target(target, folder)
    return standard.on(judgement_day(as_of, standard), described.division), described


def judgement_day(text: str | None, standard: Standard) -> date:
    """The day to judge by: `text` as an ISO 8601 date, else today in China.

    Raises CommandError for another text, and for a day on which nothing of the standard is in force yet.
    """
    if text is None:
        return clock.today()
    day = parse_day(text)
    first = min((r.effective_from for r in standard.requirements.values()), default=day)
    if day < first:
        raise CommandError("early_date", value=text, first=first.isoformat())
    return day


def parse_day(text: str) -> date:
    """An ISO 8601 date. Raises CommandError for another text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError("bad_date", value=text) from None


def require_division(standard: Standard, code: str) -> None:
    """Raises CommandError for a code that is neither a division of GB/T 2260 nor reserved; "" is none."""
    published, reserved = standard.codes["division"].codes, standard.reserved[_RESERVED_DIVISIONS]
    if code and code not in published and code not in reserved:
        provinces = [known for known in published if known.endswith("0000")]
        raise CommandError("unknown_division", code=code, provinces=provinces, reserved=reserved)


def require_base_url(url: str) -> None:
    """Raises CommandError unless it is an absolute http(s) URL (RFC 3986) of scheme, host, port and path."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and bool(parts.hostname) and parts.scheme in {"http", "https"}
    except ValueError:
        usable = False
    if (
        not usable
        or parts.username is not None
        or any(letter in url for letter in "?#")
        or not url.isprintable()
    ):
        raise CommandError("bad_base_url", value=url)


def duration_seconds(option: str, text: str | None) -> float | None:
    """Seconds of a duration such as `90`, `90s`, `10m` or `1h30m`; None for None. Raises CommandError."""
    if text is None:
        return None
    match = _DURATION.fullmatch(text.strip())
    hours, minutes, seconds = match.groups("0") if match else ("0", "0", "0")
    total = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    if total <= 0:
        raise CommandError("bad_duration", option=option, value=text)
    return total


def nonce_or_fresh(text: str | None) -> str:
    """The nonce of a run, a fresh one for None. Raises CommandError for letters other than ASCII ones."""
    if text is not None and not (text.isascii() and text.isalnum() and len(text) <= _LONGEST_NONCE):
        raise CommandError("bad_nonce", value=text)
    return text or secrets.token_hex(8)


def read_lines(file: Path) -> list[str]:
    """The lines of a list that a user wrote: no byte order mark, and only line feeds end a line.

    Raises UserError for a file that is not UTF-8.
    """
    try:
        return file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise UserError(Message("scan.values_not_utf8", {"file": str(file)})) from None
