"""The result document of one checked delivery; its size depends on files and rules, not on rows."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from conformance.data.files.delivery import Compression, FileFormat
from conformance.model.judgement import Verdict
from conformance.model.text import Text
from conformance.results.document_model import Count, Day, DocumentModel, Seconds
from conformance.verdict import Exit

DeliveryConclusionKind = Literal["conforms", "does_not_conform", "not_fully_verified"]
FileState = Literal["read", "begun", "stopped", "not_reached"]
Dimension = Literal["readability", "completeness", "conformity", "consistency", "uniqueness", "timeliness"]
"""A dimension of the quality of data (GB/T 36344)."""
Timeliness = Literal["on_time", "late", "unknown"]
RuleVerdict = Literal[Verdict.PASSED, Verdict.FAILED, Verdict.WARNED, Verdict.NOT_VERIFIED]
_CONFORMITY: dict[str, Any] = {
    "if": {"properties": {"conclusion": {"properties": {"kind": {"const": "conforms"}}}}},
    "then": {
        "properties": {
            "exit_code": {"const": 0},
            "complete": {"const": True},
            "problems": {"maxItems": 0},
            "counts": {"properties": {"rows": {"minimum": 1}, "bad": {"const": 0}}},
        }
    },
    "else": {"properties": {"exit_code": {"enum": [1, 3]}}},
}
_BROKEN_RULES_HAVE_ROWS: dict[str, Any] = {
    "if": {"properties": {"verdict": {"enum": ["failed", "warned"]}}},
    "then": {"properties": {"rows": {"minimum": 1}}},
    "else": {"properties": {"rows": {"const": 0}, "samples": {"maxItems": 0}}},
}


class CheckFacts(DocumentModel):
    suite_version: str
    standard_version: str
    standard_digest: str
    engine: Literal["local", "spark"]
    """What went through the rows; the verdicts do not depend on it."""
    as_of: Day
    division: str
    """Whose additions to the checklist were counted in; empty for nobody's."""
    started_at: str
    finished_at: str
    duration_seconds: Seconds


class ChecklistVersion(DocumentModel):
    version: str
    status: Text


class DeliveryConclusion(DocumentModel):
    kind: DeliveryConclusionKind
    text: Text


class RowCounts(DocumentModel):
    rows: Count
    bad: Count
    """Rows that break at least one rule."""


class FileEntry(DocumentModel):
    name: str
    format: FileFormat
    compression: Compression
    bytes: Count
    item: str | None
    """Code of the item that its rows are of, or `records`; null where that was not told or asked."""
    records: bool
    """Whether it holds whole records, each of an item of its own."""
    state: FileState
    """`read` to its end; `begun` or `not_reached` when the check was interrupted; `stopped` by a problem."""
    rows: Count
    bad: Count


class FileProblem(DocumentModel):
    file: str
    line: Annotated[int, Field(ge=1)] | None
    place: str
    """File and line in one word."""
    what: Text


class SampleEntry(DocumentModel):
    file: Count
    """Its place among the files, from 0."""
    line: Annotated[int, Field(ge=1)]
    value: str | None


class RuleEntry(DocumentModel):
    model_config = ConfigDict(json_schema_extra={"allOf": [_BROKEN_RULES_HAVE_ROWS]})

    id: str
    """`<member>/<keyword>`, `row/<keyword>`, `line/<why>`, `unique`, or the id of a cross-field rule."""
    member: str | None
    title: Text | None
    """What the member is called."""
    text: Text
    """What the rule asks."""
    dimension: Dimension
    verdict: RuleVerdict
    rows: Count
    """Rows that break it."""
    samples: list[SampleEntry]
    """The first places, with values in a form that gives nothing away."""


class IndicatorEntry(DocumentModel):
    id: Dimension
    title: Text
    good: Count
    of: Count
    """How many rows count; 0 where nothing can be said."""


class ItemEntry(DocumentModel):
    code: str
    """Empty for rows that name no item."""
    title: Text | None
    rows: Count
    bad: Count
    rules: list[RuleEntry]
    """Every rule that its rows were judged by, in the order of the item."""
    indicators: list[IndicatorEntry]
    timeliness: dict[Timeliness, Count]
    """Rows that came within the working days which the item gives them, or not."""
    latest_as_of: str | None
    fresh: bool | None
    """Whether the latest row is as young as the update frequency asks; null where nothing tells."""
    row_by_row: list[Text]
    """What of the item could not be judged by column."""


class DeliveryDocument(DocumentModel):
    """Everything a report on files shows: every rendering can be made again from this document alone."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_CONFORMITY]})

    format: Literal["fcsp-delivery/1"]
    run: CheckFacts
    checklist: ChecklistVersion
    conclusion: DeliveryConclusion
    exit_code: Annotated[Exit, Field(json_schema_extra={"enum": [0, 1, 3]})]
    complete: bool
    """Whether every file was read to its end or its breach, and rows were compared with each other."""
    counts: RowCounts
    files: list[FileEntry]
    """In the order in which they are read."""
    skipped: list[str]
    """Files within folders that are no tables."""
    problems: list[FileProblem]
    """What was named and could not be read, or not to its end."""
    items: list[ItemEntry]
    """By code."""
