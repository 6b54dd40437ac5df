"""Keys of a whole delivery on disk: by item, and by referencing members."""

from collections.abc import Iterator
from contextlib import ExitStack

import polars as pl

from conformance.data.check.batch import IDENTITY
from conformance.data.check.file import PartFindings
from conformance.data.keys.duplicates import Repeats
from conformance.data.keys.spill import KeySpill
from conformance.model.shapes import Item, Reference

Name = tuple[str, tuple[str, ...]]


class Spills:
    """Keys collected from batches. The caller closes the stack, which removes all files."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._keys: dict[str, Repeats] = {}
        self._naming: dict[Name, KeySpill] = {}

    def add(self, part: PartFindings) -> None:
        """Add the keys of one batch."""
        keys = part.examined.keys
        if part.item not in self._keys:
            columns = tuple(keys.columns[keys.columns.index(IDENTITY) :])
            self._keys[part.item] = self._stack.enter_context(Repeats(columns))
        self._keys[part.item].add(keys)
        for names, frame in part.examined.naming.items():
            if (part.item, names) not in self._naming:
                self._naming[part.item, names] = self._stack.enter_context(KeySpill(names))
            self._naming[part.item, names].add(frame)

    def repeated(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield per item the places of rows whose key an earlier row of the item has."""
        for code, spill in self._keys.items():
            yield from ((code, places) for places in spill.repeated() if places.height)

    def dangling(self, code: str, item: Item | None) -> Iterator[tuple[Reference, pl.DataFrame]]:
        """Yield references of an item to absent rows, with their places, if the target item was delivered."""
        for reference in item.references if item else ():
            naming_keys, theirs = (
                self._naming.get((code, reference.fields)),
                self._naming.get((reference.item, reference.to)),
            )
            if naming_keys is not None and theirs is not None:
                absent = naming_keys.absent_from(theirs)
                yield from ((reference, places) for places in absent if places.height)
