"""Contents of records of any item: legal field by field, then adjusted to its conditions and rules.

Conditions are the `if`/`then`/`else` of JSON Schema (draft 2020-12), rules the cross-field rules of the item.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations
from typing import Any

from conformance.model.shapes import CrossFieldRule, Field, Item, JsonSchema
from conformance.oracles.formats import CHECKERS
from conformance.synth.values import NoValueError, Size, Values, fits, plain

Obeys = Callable[[Item, Mapping[str, Any]], bool]
"""Predicate: does a content that is legal by its schema obey the cross-field rules of an item?"""

_TRIES = 1000
_KEEP_PRESENCE = 300
"""Tries that change values only; later ones may add or drop optional fields too."""
_LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'|(?<![\w.])(-?[0-9]+)(?![\w.])")

_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")
ADDS = re.compile(r"\s[+-]\s")
"""Matches the expression of a rule that adds or subtracts amounts."""

_SHAPES = {
    "calendar-date": r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "year-month": r"(19|20)[0-9]{2}(0[1-9]|1[0-2])",
    "decimal": r"-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?",
}


@dataclass(frozen=True, slots=True)
class Maker:
    """A source of contents of one item."""

    item: Item
    values: Values
    obeys: Obeys
    subject: Mapping[str, Any] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Fields whose values the caller has chosen."""

    def make(self, *, optional: bool | None = None, size: Size = Size.ANY) -> dict[str, Any]:
        """A valid content with all optional fields (True), none (False) or some (None).

        Raises NoValueError where conditions and rules cannot be met.
        """
        content = {
            f.name: self.draw(f, size)
            for f in self.item.fields
            if f.required or f.name in self.fixed or (optional if optional is not None else self._coin())
        }
        self.settle(content, size)
        return self.repaired(content)

    def draw(self, field_: Field, size: Size = Size.ANY) -> Any:
        """A legal value of one field."""
        if field_.name in self.fixed:
            return self.fixed[field_.name]
        subject_value = self._of_subject(field_) if size is Size.ANY else None
        return subject_value or self.values.value(field_.schema, field_.desensitization_type, size)

    def repaired(self, content: dict[str, Any], broken: CrossFieldRule | None = None) -> dict[str, Any]:
        """The content, redrawn in part until every rule holds, except `broken`, which must not.

        Raises NoValueError after a thousand tries.
        """
        alone = {rule: replace(self.item, rules=(rule,)) for rule in self.item.rules}
        changed = dict(content)
        for attempt in range(_TRIES):
            wrong = [rule for rule, item in alone.items() if self.obeys(item, changed) == (rule is broken)]
            if not wrong:
                return changed
            rule = self.values.random.choice(wrong)
            names = [n for n in rule.fields if self.values.random.random() < 0.6] or list(rule.fields)
            changed = self._moved(changed, names, toggle=attempt >= _KEEP_PRESENCE or rule is broken)
        raise NoValueError(f"{self.item.code}: no record {f'breaks only {broken.id}' if broken else 'obeys'}")

    def switched_on(self, content: dict[str, Any], condition: JsonSchema) -> dict[str, Any]:
        """A valid content in which a condition holds, its members redrawn. Raises NoValueError."""
        names = list(condition.get("properties", {}))
        changed = dict(content)
        for attempt in range(_TRIES):
            if fits(condition, changed):
                fixed = {n: changed[n] for n in names if n in changed}
                return replace(self, fixed={**self.fixed, **fixed}).repaired(changed)
            changed = self._moved(changed, names, toggle=attempt >= _KEEP_PRESENCE)
        raise NoValueError(f"{self.item.code}: a condition never holds")

    def _moved(self, content: dict[str, Any], names: list[str], *, toggle: bool) -> dict[str, Any]:
        """The content with the named fields redrawn; with `toggle`, optional ones may be added or dropped."""
        changed = dict(content)
        hints = (*self._hints(names), *self._balances(names, content))
        for field_ in self.item.fields:
            if field_.name in names and field_.name not in self.fixed:
                self._redraw(changed, field_, hints, toggle=toggle)
        self.settle(changed)
        return changed

    def settle(self, content: dict[str, Any], size: Size = Size.ANY) -> None:
        """Adjust the content in place to the item's conditions."""
        for condition in conditions(self.item.schema):
            branch = self._branch(content, condition)
            for name in branch.get("required", ()):
                content.setdefault(name, self.draw(self.item.field(name), size))
            for name, schema in branch.get("properties", {}).items():
                self._settle_one(content, name, schema, size)

    def _branch(self, content: dict[str, Any], condition: JsonSchema) -> JsonSchema:
        """The branch of a condition that applies; free members are redrawn until the fixed ones fit."""
        for _ in range(_TRIES):
            branch: JsonSchema = condition.get("then" if fits(condition["if"], content) else "else", {})
            demands = branch.get("properties", {}).items()
            if all(_is(schema, self.fixed[n]) for n, schema in demands if n in content and n in self.fixed):
                return branch
            for name in condition["if"].get("properties", {}).keys() - self.fixed.keys():
                content[name] = self.draw(self.item.field(name))
        raise NoValueError(f"{self.item.code}: the fixed values break a condition")

    def _settle_one(self, content: dict[str, Any], name: str, schema: Any, size: Size) -> None:
        if name not in content or name in self.fixed or schema is True:
            return
        if schema is False:
            del content[name]
            return
        schema_ = tightened(self.item.field(name).schema, schema)
        if "format" in schema or not fits(schema_, content[name]):
            content[name] = self.values.value(schema_, self.item.field(name).desensitization_type, size)

    def _redraw(
        self, content: dict[str, Any], field_: Field, hints: tuple[Any, ...], *, toggle: bool
    ) -> None:
        random = self.values.random
        if toggle and not field_.required and random.random() < 0.5:
            content.pop(field_.name, None)
        elif toggle or field_.name in content:
            usable = [h for h in hints if random.random() < 0.25 and _usable(field_.schema, h)]
            content[field_.name] = random.choice(usable) if usable else self.draw(field_)

    def _hints(self, names: list[str]) -> tuple[Any, ...]:
        """Literals in the rules about the named fields: values at which a rule may change its outcome."""
        sources = (rule.expression for rule in self.item.rules if not set(names).isdisjoint(rule.fields))
        literals = [m for source in sources for m in _LITERAL.finditer(source)]
        numbers = [int(m[3]) for m in literals if m[3]]
        amounts = [f"{n // 100}.{n % 100:02d}" for n in numbers if n >= 0]
        return (*numbers, *amounts, *(m[1] or m[2] or "" for m in literals if not m[3]))

    def _balances(self, names: list[str], content: Mapping[str, Any]) -> Iterator[str]:
        """Sums and differences of two amounts each, for rules that add amounts up."""
        adding = (rule for rule in self.item.rules if ADDS.search(rule.expression))
        rules = [rule for rule in adding if not set(names).isdisjoint(rule.fields)]
        parts = {name: content.get(name) for rule in rules for name in rule.fields}
        amounts = [Decimal(v) for v in parts.values() if isinstance(v, str) and _AMOUNT.fullmatch(v)]
        for first, second in permutations(amounts, 2):
            yield from (f"{first + second:f}", f"{first - second:f}")

    def _coin(self) -> bool:
        return self.values.random.random() < 0.5

    def _of_subject(self, field_: Field) -> str | None:
        """The subject's identifier, where the field holds it; None otherwise."""
        ids = {i["scheme"]: i["value"] for i in (self.subject or {}).get("ids", ())}
        own = ids.get(field_.element) or (ids.get("uscc") if field_.element == "taxpayer_id" else None)
        return own if own is not None and fits(field_.schema, own) else None


def _is(schema: JsonSchema, value: Any) -> bool:
    """True if a value obeys the schema, check characters of its format included."""
    checker = CHECKERS.get(schema.get("format", ""))
    return fits(schema, value) and (checker is None or checker(value))


def _usable(schema: JsonSchema, hint: Any) -> bool:
    """True if a literal is a legal value; among formats, only for those that their shape defines."""
    shape = _SHAPES.get(schema["format"]) if "format" in schema else ""
    if shape is None or (shape and not (isinstance(hint, str) and re.fullmatch(shape, hint))):
        return False
    return fits(schema, hint)


def conditions(schema: JsonSchema) -> list[Mapping[str, Any]]:
    """The if/then/else parts of an item, at its top or under `allOf`."""
    return [part for part in (schema, *schema.get("allOf", ())) if "if" in part]


def tightened(schema: JsonSchema, more: JsonSchema) -> dict[str, Any]:
    """A schema that a value obeys if it obeys both."""
    return {**schema, **more, "allOf": [*more.get("allOf", ()), plain(schema)]}
