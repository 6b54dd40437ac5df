"""Reading what every command starts from: the standard and the target."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.shared.errors import Failure
from conformance.model import clock
from conformance.model.standard import Standard
from conformance.model.target import Target

if TYPE_CHECKING:
    from conformance.runner import Selection


def open_target(target: Path, standard: Path | None, as_of: str | None = None) -> tuple[Standard, Target]:
    """The target, and the standard as it holds there on the day to judge by."""
    from conformance.loader import load_standard, load_target

    if not target.is_file():
        raise Failure("no_target", file=str(target))
    loaded, described = load_standard(standard), load_target(target, standard)
    return loaded.on(day(as_of), described.division), described


def day(text: str | None) -> date:
    """The day a run judges by: the one given, else today in China."""
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure("bad_date", value=text) from None


def chosen(words: list[str] | None, standard: Standard, **more: Any) -> "Selection":
    """What was asked for: `AUT` and `authorization` are parts, all else is an id."""
    from conformance.runner import Selection

    parts = {r.part for r in standard.requirements.values()} | {id_[:3] for id_ in standard.requirements}
    given = tuple(words or ())
    ids = tuple(word for word in given if word not in parts)
    return Selection(ids=ids, parts=tuple(word for word in given if word in parts), **more)
