"""The keys of a whole delivery on disk: by item, and by the members that name rows of other items."""

from collections.abc import Iterator
from contextlib import ExitStack

import polars as pl

from conformance.data.check.batch import IDENTITY
from conformance.data.check.file import Found
from conformance.data.keys.duplicates import Repeats
from conformance.data.keys.spill import KeySpill
from conformance.model.shapes import Item, Reference

Name = tuple[str, tuple[str, ...]]


class Spills:
    """Keys as batches tell them; whoever gives the stack closes it, and with it all files are gone."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._keys: dict[str, Repeats] = {}
        self._naming: dict[Name, KeySpill] = {}

    def add(self, found: Found) -> None:
        keys = found.examined.keys
        if found.item not in self._keys:
            columns = tuple(keys.columns[keys.columns.index(IDENTITY) :])
            self._keys[found.item] = self._stack.enter_context(Repeats(columns))
        self._keys[found.item].add(keys)
        for names, frame in found.examined.naming.items():
            if (found.item, names) not in self._naming:
                self._naming[found.item, names] = self._stack.enter_context(KeySpill(names))
            self._naming[found.item, names].add(frame)

    def repeated(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """The places of rows with a key that an earlier row of the item has."""
        for code, spill in self._keys.items():
            yield from ((code, places) for places in spill.repeated() if places.height)

    def dangling(self, code: str, item: Item | None) -> Iterator[tuple[Reference, pl.DataFrame]]:
        """The places of rows that name what the delivery has not, for each item that it has."""
        for reference in item.references if item else ():
            own, theirs = (
                self._naming.get((code, reference.fields)),
                self._naming.get((reference.item, reference.to)),
            )
            if own is not None and theirs is not None:
                found = own.absent_from(theirs)
                yield from ((reference, places) for places in found if places.height)
