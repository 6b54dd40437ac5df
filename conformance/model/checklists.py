"""Every version of the checklist, as it holds for the whole country and for each province that adds to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from conformance.model.shapes import Checklist, Item


@dataclass(frozen=True, slots=True)
class Checklists:
    """Versions from the oldest to the newest, each in effect from the beginning of its first day in China."""

    national: tuple[Checklist, ...] = ()
    provincial: Mapping[str, tuple[Checklist, ...]] = field(default_factory=dict)
    """The same versions with what a province adds, by the first two digits of its division."""
    transition_days: int = 0
    """So many days from its first day on, a version leaves records of the one before it acceptable."""

    def of(self, division: str) -> tuple[Checklist, ...]:
        """The versions that hold in a division."""
        return self.provincial.get(division[:2], self.national)

    def on(self, day: date, division: str = "") -> Checklist:
        """The version in force; on a day before all of them, the first one."""
        versions = self.of(division)
        return next((v for v in reversed(versions) if v.effective_from <= day), versions[0])

    def following(self, day: date, division: str = "") -> Checklist | None:
        """The next version that is not in force yet."""
        return next((v for v in self.of(division) if v.effective_from > day), None)

    def preceding(self, day: date, division: str = "") -> Checklist | None:
        """The version before the one in force."""
        versions = self.of(division)
        at = versions.index(self.on(day, division))
        return versions[at - 1] if at else None

    def in_transition(self, day: date, division: str = "") -> bool:
        """True if records of the preceding version are still accepted."""
        began = self.on(day, division).effective_from
        return self.preceding(day, division) is not None and day < began + timedelta(self.transition_days)

    def extended(self, division: str) -> bool:
        """True if the province of a division adds to the checklist."""
        return division[:2] in self.provincial

    def described(self, name: str) -> Item | None:
        """An item by its code, as the oldest version has it, or by `<code>@<version>`."""
        code, _, version = name.partition("@")
        every = (*self.national, *(v for versions in self.provincial.values() for v in versions))
        matches = (v.item(code) for v in every if v.has(code) and version in ("", v.version))
        return next(matches, None)
