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
"""Dimension of data quality (after GB/T 36344-2018)."""
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
    """Circumstances of a check."""

    suite_version: str
    standard_version: str
    standard_digest: str
    engine: Literal["local", "spark"]
    """Engine that read the rows; verdicts do not depend on it."""
    as_of: Day
    division: str
    """Division whose additions to the checklist apply; empty for none."""
    started_at: str
    finished_at: str
    duration_seconds: Seconds


class ChecklistVersion(DocumentModel):
    """Version of the checklist in force."""

    version: str
    status: Text


class DeliveryConclusion(DocumentModel):
    """Conclusion of a check."""

    kind: DeliveryConclusionKind
    text: Text


class RowCounts(DocumentModel):
    """Row counts of the delivery."""

    rows: Count
    bad: Count
    """Rows that break at least one rule."""


class FileEntry(DocumentModel):
    """A file of the delivery."""

    name: str
    format: FileFormat
    compression: Compression
    bytes: Count
    item: str | None
    """Item code of its rows, or `records`; null if not determined."""
    records: bool
    """True if it holds records, each of its own item."""
    state: FileState
    """`read` to its end; `begun` or `not_reached` in an interrupted check; `stopped` by a problem."""
    rows: Count
    bad: Count


class FileProblem(DocumentModel):
    """A path that could not be read, or not to its end."""

    file: str
    line: Annotated[int, Field(ge=1)] | None
    place: str
    """File and line as one text."""
    what: Text


class SampleEntry(DocumentModel):
    """A place where a rule is broken."""

    file: Count
    """Position among the files, from 0."""
    line: Annotated[int, Field(ge=1)]
    value: str | None


class RuleEntry(DocumentModel):
    """A rule with its verdict and the first places that break it."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_BROKEN_RULES_HAVE_ROWS]})

    id: str
    """`<member>/<keyword>`, `row/<keyword>`, `line/<fault>`, `unique`, or the id of a cross-field rule."""
    member: str | None
    title: Text | None
    """Title of the member."""
    text: Text
    """Requirement of the rule."""
    dimension: Dimension
    verdict: RuleVerdict
    rows: Count
    """Number of rows that break the rule."""
    samples: list[SampleEntry]
    """The first places, with values that disclose nothing."""


class IndicatorEntry(DocumentModel):
    """Share of good rows in one dimension of data quality."""

    id: Dimension
    title: Text
    good: Count
    of: Count
    """Number of rows that count; 0 if the indicator is undefined."""


class ItemEntry(DocumentModel):
    """The rows of one item."""

    code: str
    """Item code; empty for rows that name no item."""
    title: Text | None
    rows: Count
    bad: Count
    rules: list[RuleEntry]
    """All rules applied to its rows, in the order of the item."""
    indicators: list[IndicatorEntry]
    timeliness: dict[Timeliness, Count]
    """Rows reported within the working days that the item allows, or not."""
    latest_as_of: str | None
    fresh: bool | None
    """True if the latest row is as recent as the update frequency requires; null if unknown."""
    row_by_row: list[Text]
    """Constructs of the item that had to be judged row by row."""


class DeliveryDocument(DocumentModel):
    """Result of checking a delivery: every rendering can be produced from this document alone."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_CONFORMITY]})

    format: Literal["fcsp-delivery/1"]
    run: CheckFacts
    checklist: ChecklistVersion
    conclusion: DeliveryConclusion
    exit_code: Annotated[Exit, Field(json_schema_extra={"enum": [0, 1, 3]})]
    complete: bool
    """True if every file was read to its end or to its damage, and rows were compared with each other."""
    counts: RowCounts
    files: list[FileEntry]
    """In reading order."""
    skipped: list[str]
    """Files in folders that are not tables."""
    problems: list[FileProblem]
    """Paths that could not be read, or not to their end."""
    items: list[ItemEntry]
    """In the order of item codes."""
