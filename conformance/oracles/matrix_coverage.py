"""Coverage of the disclosure matrix by a run, worked out from the exchanges alone.

A cell is met by a field that the platform showed as that cell says, in a reply to an audience whose right the
exchanges of the case prove: the record that was delivered, the authorizations that were given and cited.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from conformance.model.judgement import Result, Verdict
from conformance.model.shapes import Field, Item
from conformance.model.standard import Standard
from conformance.model.wire import Exchange
from conformance.oracles.disclosure import Place, view

COLUMNS = ("none", "authorized")
PERSON = "natural_person"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A field of a reply that a cell decided on."""

    place: Place
    way: str
    """Why this class: the field's `own`, a `condition`, the kind of `subject`, or a `person` it names."""
    case: str


def cells(standard: Standard, audiences: Iterable[str]) -> tuple[Place, ...]:
    """Every cell that a query can meet, those that the matrix leaves out included."""
    fields = [field for item in standard.checklist.items for field in item.fields]
    levels = {f.sensitivity for f in fields} | {when.sensitivity for f in fields for when in f.class_when}
    rules = standard.desensitization
    if rules.natural_person_like:
        levels |= {rules.raised_by_subject.get(level, level) for level in levels}
    # No item may hold authentication secrets, so that no reply can show whether one would leave.
    levels -= {rules.never_disclosed}
    answered = {audience for _, audience in rules.cells}
    return tuple(product(sorted(levels), (a for a in audiences if a in answered), COLUMNS))


def meetings(standard: Standard, results: Iterable[Result]) -> Iterator[Meeting]:
    """Every meeting in the cases that passed."""
    for result in results:
        if result.verdict is Verdict.PASSED:
            yield from _Story(standard, result.case.id).read(result.exchanges)


class _Story:
    """Facts that the exchanges of one case prove, in order."""

    def __init__(self, standard: Standard, case: str) -> None:
        self._standard = standard
        self._case = case
        self._records: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._grants: dict[str, Mapping[str, Any]] = {}

    def read(self, exchanges: Iterable[Exchange]) -> Iterator[Meeting]:
        for exchange in exchanges:
            body: Any = exchange.request.body
            match exchange.request.operation, exchange.reply.status:
                case "createBatch", 202 if isinstance(body, dict):
                    for record in body["records"]:
                        self._records[record["item_code"], _who(record["subject"])] = record
                case "createAuthorization", 201:
                    self._grants[exchange.reply.json["authorization_id"]] = body
                case "createQuery", 200:
                    yield from self._reply(body, exchange.reply.json)

    def _reply(self, query: Mapping[str, Any], reply: Mapping[str, Any]) -> Iterator[Meeting]:
        for result in reply["results"]:
            record = self._records.get((result["item_code"], _who(query["subject"])))
            if record is not None and len(result["records"]) == 1:
                item = self._standard.checklist.item(result["item_code"])
                yield from self._record(item, record, query, reply, result["records"][0]["fields"])

    def _record(
        self,
        item: Item,
        record: Mapping[str, Any],
        query: Mapping[str, Any],
        reply: Mapping[str, Any],
        fields: Mapping[str, Any],
    ) -> Iterator[Meeting]:
        cited = [self._grants[name] for name in query["authorizations"] if name in self._grants]
        valid = [g for g in cited if g["recipient"] == reply["recipient"] and item.code in g["items"]]
        authorized = any(_who(grant["subject"]) == _who(query["subject"]) for grant in valid)
        persons = [_who(g["subject"]) for g in valid if g["subject"]["type"] == PERSON]
        subject_type, audience = record["subject"]["type"], reply["audience"]
        if audience == "subject" and subject_type == PERSON:
            persons.append(_who(record["subject"]))
        expected = view(self._standard, item, record["content"], subject_type, audience, authorized, persons)
        for name, expectation in expected.items():
            if (
                expectation.place
                and expectation.place[1] == audience
                and expectation.accepts(fields.get(name))
            ):
                level, row, column = expectation.place
                # Whoever nobody can authorize meets the second column by citing what is somebody else's.
                column = "authorized" if cited and not valid else column
                if column == expectation.place[2] or row not in self._authorizable:
                    yield Meeting((level, row, column), _way(item.field(name), level), self._case)

    @property
    def _authorizable(self) -> frozenset[str]:
        codes = self._standard.codes["audience"].codes.values()
        return frozenset(code.code for code in codes if code.properties.get("authorizable"))


def _way(field: Field, level: str) -> str:
    if field.person:
        return "person"
    if level == field.sensitivity:
        return "own"
    return "condition" if any(when.sensitivity == level for when in field.class_when) else "subject"


def _who(subject: Mapping[str, Any]) -> str:
    return str(subject["ids"][0]["value"])
