"""Examination of splits, on one machine or many: the item of a file, and findings of each batch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from conformance.data.batch import Batch, Unreadable
from conformance.data.check.batch import Examined, examine
from conformance.data.check.judge import ItemJudge, judge_of
from conformance.data.check.records import NO_ITEM, RecordJudge, is_record, record_judge
from conformance.data.files import (
    File,
    Layout,
    Progress,
    ReadErrors,
    ReadSettings,
    Split,
    layout,
    read,
    whole,
)
from conformance.data.files.settings import silent
from conformance.data.rows import row_item
from conformance.loader import Problem
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.model.text import Message

RECORDS = "records"
"""Placeholder for the item of a file of records, which may be of any item."""
ITEM_CODE = "record.item_code"
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z][0-9]{2}-[0-9]{2}(?![0-9])")
_FIRST = 64
"""Batch size for finding the first readable row."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a check."""

    item: str | None = None
    """Item code of all files; None: from the file name, else from the first row."""
    settings: ReadSettings = field(default_factory=ReadSettings)


@dataclass(frozen=True, slots=True)
class PartFindings:
    """Findings of one batch for the rows of one item."""

    source: int
    item: str
    """Item code; empty for lines that name none."""
    examined: Examined


class Examiner:
    """Examiner of splits; judges of items are created on first use."""

    def __init__(self, standard: Standard, options: Options, kinds: Mapping[int, str] | None = None) -> None:
        """`kinds`: item codes (or `records`) already known, by file number."""
        self.standard = standard
        self.options = options
        self.judges: dict[str, ItemJudge] = {}
        self._records: RecordJudge | None = None
        self._items: dict[str, Item] = {}
        self._kinds = dict(kinds or {})

    def kind(self, file: File) -> str:
        """Item code of a file, or `records`. Raises ReadErrors if it cannot be determined."""
        if file.number not in self._kinds:
            self._kinds[file.number] = self._kind(file)
        return self._kinds[file.number]

    def _kind(self, file: File) -> str:
        mapping = self.options.settings.mapping
        if mapping is not None:
            return mapping.item
        item_code = self.options.item or next(iter(_CODE.findall(file.path.name)), None)
        first = self._first_row(file, item_code)
        if first is not None and is_record(first):
            return RECORDS
        row_code = first.get(ITEM_CODE) if isinstance(first, dict) else None
        code = item_code or (row_code if isinstance(row_code, str) else None)
        if code is None:
            raise ReadErrors((_problem(file, Message("bulk.no_item")),))
        if not self.standard.checklist.has(code):
            item_codes = tuple(item.code for item in self.standard.checklist.items)
            raise ReadErrors(
                (_problem(file, Message("bulk.unknown_item", {"code": code, "known": item_codes})),)
            )
        return code

    def _first_row(self, file: File, item_code: str | None) -> dict[str, object] | None:
        """First readable row, in the layout of the named item so that column problems refer to it."""
        checklist = self.standard.checklist
        columns = layout(
            checklist.item(item_code) if item_code and checklist.has(item_code) else None, checklist
        )
        for batch in read(whole(file), columns, replace(self.options.settings, rows=_FIRST)):
            for row in range(len(batch)):
                value = batch.value(row)
                if not isinstance(value, Unreadable):
                    return value
        return None

    def layout(self, file: File) -> Layout:
        """Column layout of a file."""
        code = self.kind(file)
        item = None if code == RECORDS else self.standard.checklist.item(code)
        return layout(item, self.standard.checklist)

    def row_item(self, code: str) -> Item | None:
        """The item with its row schema; None for lines that name no item."""
        if code == NO_ITEM:
            return None
        if code not in self._items:
            self._items[code] = row_item(self.standard.checklist.item(code), self.standard.checklist)
        return self._items[code]

    def judge(self, code: str) -> ItemJudge:
        """The judge of an item, created on first use."""
        if code not in self.judges:
            self.judges[code] = judge_of(self.standard, code)
        return self.judges[code]

    @property
    def records(self) -> RecordJudge:
        """The judge of records, created on first use."""
        self._records = self._records or record_judge(self.standard)
        return self._records

    def batches(self, split: Split, first_line: int = 1, progress: Progress = silent) -> Iterator[Batch]:
        """Yield the rows of a split. Raises ReadErrors."""
        made = self.layout(split.file)
        return read(split, made, self.options.settings, first_line=first_line, progress=progress)

    def examine(
        self, split: Split, first_line: int = 1, progress: Progress = silent
    ) -> Iterator[PartFindings]:
        """Yield the findings of a split, batch by batch. Raises ReadErrors where reading cannot continue."""
        code, source = self.kind(split.file), split.file.number
        for batch in self.batches(split, first_line, progress):
            if code == RECORDS:
                yield from (
                    PartFindings(source, item, examined) for item, examined in self.records.examine(batch)
                )
            else:
                yield PartFindings(source, code, examine(batch, self.judge(code)))


def _problem(file: File, message: Message) -> Problem:
    return Problem(file.display_path, "", "", message)


__all__ = ["NO_ITEM", "RECORDS", "Examiner", "Options", "PartFindings"]
