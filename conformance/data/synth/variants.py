"""Fault variants of an item, each verified by the oracles."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from conformance.data.plan import compile_plan
from conformance.data.rows import ROW, row_item, row_reasons
from conformance.data.synth import value_pools
from conformance.data.synth.fault_kinds import DUPLICATE_KEY, NOT_IN, Change, FaultVariant, Row
from conformance.data.synth.line_faults import of_lines
from conformance.data.synth.request import OutputFormat, RowLayout
from conformance.data.synth.row_faults import PREFERRED, wrong_values
from conformance.data.synth.rows import RowSource
from conformance.model.shapes import Checklist, CrossFieldRule, Item, JsonSchema
from conformance.oracles.validate import obeys_rules
from conformance.synth.content import Maker
from conformance.synth.faults import UNKNOWN
from conformance.synth.values import NoValueError

RowJudge = Callable[[Mapping[str, Any]], frozenset[str]]
"""Function from a row to the ids of the rules it breaks."""
_BROKEN_ENTRIES, _SAMPLES = 8, 12


def row_judge(item: Item, checklist: Checklist) -> RowJudge:
    """Judge of synthetic rows, with the rules of `fcsp data check`."""
    with_row_schema = row_item(item, checklist)
    reasons = row_reasons(with_row_schema, compile_plan(with_row_schema))
    return lambda row: frozenset(reason.rule for reason in reasons(dict(row)))


@dataclass(frozen=True, slots=True)
class VariantBuilder:
    """Builder of the fault variants of one source."""

    source: RowSource
    item: Item
    """The item as in the checklist."""
    row_schema: JsonSchema
    judge: RowJudge
    samples: Sequence[Row]
    """Valid rows."""
    layout: RowLayout

    def variants(self, form: OutputFormat) -> list[FaultVariant]:
        """All verified variants that the output format can represent."""
        proved = [
            v for v in (*self._by_field(), *self._by_rule(), self._unknown_variant()) if self._is_proved(v)
        ]
        variants = [
            *proved,
            *of_lines(self.source.item),
            FaultVariant(DUPLICATE_KEY, "", "unique", lambda _row, _bits: None),
        ]
        return [v for v in variants if v.kind not in NOT_IN[form]]

    def _is_proved(self, variant: FaultVariant) -> bool:
        changed = [variant.change(dict(row), n) for n, row in enumerate(self.samples)]
        judged = [self.judge(row) for row in changed if isinstance(row, dict)]
        return bool(judged) and all(variant.rule in reasons for reasons in judged)

    def _by_field(self) -> Iterator[FaultVariant]:
        for field in self.source.item.fields:
            if field.name in self.item.schema.get("required", ()):
                yield self._missing_variant(field.name)
            if field.schema.get("type") != "object":
                yield from self._by_value(field.name, field.schema)
        if self.layout is RowLayout.ROW:
            for name in (*(f"subject.{s}" for s in self.source.subjects.schemes), "record.generated_at"):
                yield from self._by_value(name, self.row_schema["properties"][name])

    def _missing_variant(self, name: str) -> FaultVariant:
        def change(row: Row, _bits: int) -> Row:
            return {k: v for k, v in row.items() if k != name}

        return FaultVariant("missing_required", name, f"{name}/required", change, self._is_key(name))

    def _by_value(self, name: str, schema: JsonSchema) -> Iterator[FaultVariant]:
        legal = [row[name] for row in self.samples if name in row] or self._pool_values(name)
        changes = list(wrong_values(schema, legal[0])) if legal else []
        for place, (kind, _) in enumerate(changes):
            nth = sum(k == kind for k, _ in changes[:place])
            if not (name.startswith("subject.") and kind in {"wrong_type", "null", "empty"}):
                change = _value_change(name, schema, kind, nth, tuple(legal))
                yield FaultVariant(
                    kind, name, self._expected_rule(name, kind, change), change, self._is_key(name)
                )

    def _expected_rule(self, name: str, kind: str, change: Change) -> str:
        """Id of the rule that names the fault: the most specific one reported; empty if there is none."""
        changed_rows = (change(dict(row), n) for n, row in enumerate(self.samples))
        reasons = self.judge(next((row for row in changed_rows if isinstance(row, dict)), {}))
        preferred_rules = (f"{name}/{keyword}" for keyword in (*PREFERRED.get(kind, ()), *PREFERRED[""]))
        return next((w for w in preferred_rules if w in reasons), "")

    def _pool_values(self, name: str) -> list[Any]:
        entries = (entry for part in self.source.parts if name in part.names for entry in part.entries)
        return [entry[name] for entry in entries if name in entry][:_SAMPLES]

    def _is_key(self, name: str) -> bool:
        return name in self.item.key

    def _by_rule(self) -> Iterator[FaultVariant]:
        for rule in self.source.item.rules:
            with suppress(NoValueError):
                yield self._rule_variant(rule)

    def _rule_variant(self, rule: CrossFieldRule) -> FaultVariant:
        names = next(p.names for p in self.source.parts if not set(p.names).isdisjoint(rule.fields))
        envelopes = self.source.envelopes
        values = value_pools.source_of(envelopes.noise.seed, rule.id, envelopes.reserved, envelopes.day)
        make = Maker(value_pools.part_of(self.source.item, names), values, obeys_rules)
        entries = [make.repaired(make.make(optional=True), broken=rule) for _ in range(_BROKEN_ENTRIES)]

        def change(row: Row, bits: int) -> Row:
            return {k: v for k, v in row.items() if k not in names} | entries[bits % len(entries)]

        needs_own_subject = not set(names).isdisjoint(self.item.key)
        return FaultVariant("cross_field", rule.fields[0], rule.id, change, needs_own_subject)

    def _unknown_variant(self) -> FaultVariant:
        closing = ("unevaluatedProperties", "additionalProperties")
        keyword = next((word for word in closing if word in self.item.schema), closing[0])
        rule = f"{ROW}/{keyword}"
        return FaultVariant("unknown_member", UNKNOWN, rule, lambda row, _bits: {**row, UNKNOWN: "x"})


def _value_change(name: str, schema: JsonSchema, kind: str, nth: int, spare: tuple[Any, ...]) -> Change:
    """Change that sets a field to its nth invalid value of a kind, adding the field if absent."""

    def change(row: Row, bits: int) -> Row | None:
        if name not in row and "." in name:
            return None
        legal = row.get(name, spare[bits % len(spare)])
        wrong = [value for k, value in wrong_values(schema, legal) if k == kind]
        return {**row, name: wrong[nth]} if len(wrong) > nth else None

    return change
