"""Mappings of table columns to the fields of an item: declared, never guessed."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from conformance.model.text import Text


@dataclass(frozen=True, slots=True)
class Conversion:
    """Steps that convert a text, in this order. A step that is impossible leaves the text as it is."""

    strip: bool = False
    absent: frozenset[str] = frozenset()
    """Texts that say that there is no value."""
    codes: Map[str, str] | None = None
    refuse: bool = False
    """A text that is none of the codes is made one that no code set has."""
    dates: tuple[str, ...] = ()
    """Ways of writing a day that become an ISO date."""
    moments: tuple[str, ...] = ()
    """Ways of writing a time in China that become a moment of the standard."""
    scale: int | None = None
    """An amount is multiplied by this, exactly."""
    upper: bool = False
    default: str | None = None
    """The value where there is none."""

    @property
    def plain(self) -> bool:
        """True if it changes nothing but blanks at either end and texts that stand for nothing."""
        return not (self.codes or self.dates or self.moments or self.scale or self.upper)


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """A field, and the columns that it is made of; none where it is a constant."""

    field: str
    sources: tuple[str, ...]
    join: str
    conversion: Conversion


@dataclass(frozen=True, slots=True)
class TableMapping:
    """The columns of one kind of table as the fields of an item."""

    id: str
    title: Text
    item: str
    names: Map[str, tuple[str, ...]]
    """Other names of columns."""
    targets: tuple[ColumnTarget, ...]
    ignored: frozenset[str]
    """Columns that have no counterpart in the item, and that nobody looks at."""
    missing: Map[str, Text] = field(default_factory=dict)
    """Fields that the table has nothing for, and what that means."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column that some field is made of, once."""
        return tuple(dict.fromkeys(source for target in self.targets for source in target.sources))
