"""Each rule of the lint has an id of its own, and notices the change that it is there for."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from conformance.loader import root
from conformance.loader.files import Pointer
from conformance.loader.lint.registry import rules
from conformance.loader.lint.run import problems_of
from conformance.loader.tree import Tree, read_tree

CLAUSES, PROFILES = "standard/clauses.yaml", "standard/profiles.yaml"
TERMS, FORMATS = "standard/terms.yaml", "schemas/formats.yaml"
AUTHORIZATION = "standard/requirements/authorization.yaml"
ADMISSION = "standard/requirements/admission.yaml"
CHECKLIST = "schemas/checklist/national.yaml"
ITEMS = "schemas/checklist/items"
TAX, PERSONNEL, LICENSE = f"{ITEMS}/F04-02.yaml", f"{ITEMS}/F02-01.yaml", f"{ITEMS}/F08-02.yaml"
HOLDERS = f"{ITEMS}/F01-02.yaml"
OVERLAY = "schemas/checklist/overlays/990000.yaml"
OVERLAY_ITEM = "schemas/checklist/overlays/990000/G01-01.yaml"
ELEMENTS, ROW = "schemas/elements.yaml", "schemas/checklist/row.yaml"
CURRENCY, MODES = "schemas/codes/currency.yaml", "schemas/codes/sharing_mode.yaml"
TYPES, MATRIX = "schemas/desensitization/types.yaml", "schemas/desensitization/disclosure.yaml"
OPERATORS = "schemas/desensitization/operators.yaml"
VECTORS = "schemas/desensitization/vectors/mask.yaml"
MAPPING = "schemas/mappings/cf.yaml"
API = "schemas/api/platform.openapi.yaml"
UNKNOWN = "nothing"


@dataclass(frozen=True)
class Change:
    """A member of a file that gets another value, and the rule that notices it."""

    rule: str
    file: str
    pointer: Pointer
    value: object
    """The new value; a function gets the old one."""

    def applied(self, tree: Tree) -> Tree:
        """The tree with the change."""
        document = tree.documents[self.file]
        content: Any = deepcopy(document.value)
        node = content
        for part in self.pointer[:-1]:
            node = node[part]
        name = self.pointer[-1]
        if callable(self.value):
            node[name] = self.value(node[name])
        else:
            node[name] = self.value
        changed = replace(document, value=content)
        return replace(tree, documents={**tree.documents, self.file: changed}, made={})


def first_again(rows: Sequence[object]) -> list[object]:
    return [*rows, rows[0]]


def and_unknown(names: Sequence[str]) -> list[str]:
    return [*names, UNKNOWN]


def without(name: str) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda node: {key: value for key, value in node.items() if key != name}


def with_members(**members: object) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda node: {**node, **members}


F07_01: Pointer = ("fields", 0, "properties")
"""Fields that the province adds to F07-01."""
UNSORTED = {"op": "mask", "edges": [2, 1]}
DANGLING = {"get": {"responses": {"200": {"$ref": "#/nothing"}}}}
LOWERED = {"$ref": "../../elements.yaml#/$defs/phone", "x-class": "S0"}
CHANGES = (
    Change("meta-schema", AUTHORIZATION, (0, "level"), "must"),
    Change("requirement-id-unique", AUTHORIZATION, (1, "id"), "AUT-001"),
    Change("requirement-id-prefix", AUTHORIZATION, (0, "id"), "COL-991"),
    Change("requirement-clause-known", AUTHORIZATION, (0, "clauses"), ["9.99-z"]),
    Change("requirement-profile-known", AUTHORIZATION, (0, "profiles"), [UNKNOWN]),
    Change("requirement-force-en", AUTHORIZATION, (0, "sentence", "en"), "A platform should record."),
    Change("requirement-force-zh", AUTHORIZATION, (0, "sentence", "zh"), "平台记录。"),
    Change("requirement-period", AUTHORIZATION, (0, "effective_until"), "2025-01-01"),
    Change("requirement-condition", AUTHORIZATION, (0, "applies_when"), "target.colour == 1"),
    Change("requirement-parameter-used", AUTHORIZATION, (0, "parameters"), {UNKNOWN: {"value": 1}}),
    Change("clause-id-unique", CLAUSES, ("clauses",), first_again),
    Change("clause-reason-needless", CLAUSES, ("clauses", 1, "reason"), {"zh": "无", "en": "none"}),
    Change("clause-reason-missing", CLAUSES, ("clauses", 0, "reason"), None),
    Change("profile-id-unique", PROFILES, (1, "id"), "baseline"),
    Change("profile-base-known", PROFILES, (1, "extends"), [UNKNOWN]),
    Change("profile-circular", PROFILES, (0, "extends"), ["provincial"]),
    Change("term-id-unique", TERMS, (1, "id"), "platform"),
    Change("term-variant", AUTHORIZATION, (0, "sentence", "zh"), "平台应采集。"),
    Change("checklist-version-unique", CHECKLIST, ("versions", 1, "version"), "2026.1"),
    Change("checklist-version-period", CHECKLIST, ("versions", 0, "effective_until"), "2000-01-01"),
    Change("checklist-version-gap", CHECKLIST, ("versions", 1, "effective_from"), "2027-04-02"),
    Change("checklist-item-new", CHECKLIST, ("versions", 1, "items"), ["F13-03", "F13-02"]),
    Change("checklist-change-known", CHECKLIST, ("versions", 1, "revised"), and_unknown),
    Change("checklist-code-unique", CHECKLIST, ("versions", 0, "items"), first_again),
    Change("checklist-code-national", OVERLAY, ("items",), ["G01-01", "F13-01"]),
    Change("item-file-exists", CHECKLIST, ("versions", 0, "items"), and_unknown),
    Change("item-file-listed", CHECKLIST, ("versions", 0, "items"), lambda codes: codes[1:]),
    Change("code-set-file-name", CURRENCY, ("id",), "money"),
    Change("code-unique", CURRENCY, ("codes",), first_again),
    Change("sharing-mode-channel-known", MODES, ("codes", 0, "channels"), [UNKNOWN]),
    Change("class-known", TAX, ("properties", "tax_item", "x-class"), "S9"),
    Change("format-known", ROW, ("properties", "subject.type", "format"), UNKNOWN),
    Change("code-set-known", ROW, ("properties", "subject.type", "x-code-set"), UNKNOWN),
    Change("type-known", ROW, ("properties", "subject.type", "x-desensitization"), UNKNOWN),
    Change("reference-resolvable", ROW, ("properties", "subject.type", "$ref"), "#/$defs/nothing"),
    Change("format-unique", FORMATS, (1,), lambda _: {"name": "line"}),
    Change("item-file-name", TAX, ("x-item", "code"), "F04-03"),
    Change("item-category-known", TAX, ("x-item", "category"), "F99"),
    Change("item-subject-type-known", TAX, ("x-item", "subject_types"), and_unknown),
    Change("item-sharing-mode-known", TAX, ("x-item", "sharing_mode"), UNKNOWN),
    Change("item-key-field", TAX, ("x-item", "key"), and_unknown),
    Change("item-serve-until-field", TAX, ("x-item", "serve_until"), UNKNOWN),
    Change("item-timeliness-field", TAX, ("x-item", "timeliness"), {"since": UNKNOWN}),
    Change("item-required-field", TAX, ("required",), and_unknown),
    Change("item-verification-field", PERSONNEL, ("x-item", "verification", "fields"), and_unknown),
    Change("item-person-field", TAX, ("properties", "tax_item", "x-person"), {"identified_by": UNKNOWN}),
    Change("reference-field", LICENSE, ("x-item", "references", 0, "fields"), [UNKNOWN]),
    Change("reference-item-known", LICENSE, ("x-item", "references", 0, "item"), "F99-01"),
    Change("reference-target-field", LICENSE, ("x-item", "references", 0, "to"), [UNKNOWN]),
    Change("reference-pairs", LICENSE, ("x-item", "references", 0, "to"), first_again),
    Change("rule-id-unique", TAX, ("x-rules",), first_again),
    Change("rule-id-prefix", TAX, ("x-rules", 0, "id"), "F04-03.period_order"),
    Change("rule-field", TAX, ("x-rules", 0, "fields"), [UNKNOWN]),
    Change("rule-condition", TAX, ("x-rules", 0, "rule"), "record.nothing == 1"),
    Change(
        "class-condition",
        TAX,
        ("properties", "tax_item", "x-class-when"),
        [{"when": "record.nothing == 1", "class": "S0"}],
    ),
    Change(
        "class-of-condition-known",
        TAX,
        ("properties", "tax_item", "x-class-when"),
        [{"when": "record.period_from <= record.period_to", "class": "S9"}],
    ),
    Change("overlay-file-name", OVERLAY, ("division",), "110000"),
    Change("overlay-province-known", OVERLAY, ("division",), "999999"),
    Change("overlay-legal-basis", OVERLAY_ITEM, ("x-item",), without("legal_basis")),
    Change("item-no-legal-basis", TAX, ("x-item", "legal_basis"), {"zh": "无", "en": "none"}),
    Change("overlay-item-class", OVERLAY_ITEM, ("properties",), with_members(phone=LOWERED)),
    Change(
        "overlay-item-desensitization",
        OVERLAY_ITEM,
        ("properties",),
        with_members(phone={**LOWERED, "x-desensitization": "mobile"}),
    ),
    Change("overlay-item-known", OVERLAY, ("fields", 0, "item"), "F07-99"),
    Change("overlay-field-new", OVERLAY, F07_01, with_members(meter_no=LOWERED)),
    Change("overlay-field-class", OVERLAY, F07_01, with_members(phone=LOWERED)),
    Change("overlay-field-known", OVERLAY, F07_01, with_members(nothing={})),
    Change("overlay-field-stricter", OVERLAY, F07_01, with_members(arrears_periods={"maximum": 1300})),
    Change("overlay-field-class-kept", OVERLAY, F07_01, with_members(bill_amount={"x-class": "S1"})),
    Change("pattern-anchored", ROW, ("properties", "subject.type", "pattern"), "[0-9]"),
    Change("pattern-portable", ROW, ("properties", "subject.type", "pattern"), r"^\d$"),
    Change("pattern-valid", TYPES, ("person_name", "valid"), ["[0-9"]),
    Change("type-kind-known", TYPES, ("person_name", "operators", UNKNOWN), {"op": "keep"}),
    Change("operator-known", TYPES, ("person_name", "operators", "part", "op"), UNKNOWN),
    Change("operator-parameter-known", TYPES, ("person_name", "operators", "part", UNKNOWN), 1),
    Change("operator-parameter-valid", TYPES, ("person_name", "operators", "part", "max_fill"), 0),
    Change("operator-parameter-required", TYPES, ("resident_id", "operators", "tok"), {"op": "token"}),
    Change(
        "detector-type-known",
        TYPES,
        ("person_name", "operators", "part"),
        {"op": "text", "detect": [{"type": UNKNOWN, "pieces": 1}]},
    ),
    Change(
        "bucket-edges-sorted", TYPES, ("person_name", "operators", "part"), {"op": "mask", "edges": [2, 1]}
    ),
    Change("vector-operator-known", OPERATORS, ("operators",), without("mask")),
    Change("vector-type-known", VECTORS, (0, "type"), UNKNOWN),
    Change("vector-id-unique", VECTORS, (1, "id"), "mask.mobile.plain"),
    Change("matrix-class-known", MATRIX, ("cells", "S9"), {}),
    Change("matrix-unauthorizable", MATRIX, ("cells", "S1", "hub"), {"none": "gen", "authorized": "raw"}),
    Change("matrix-audience-known", MATRIX, ("cells", "S0", UNKNOWN), {"none": "raw", "authorized": "raw"}),
    Change("matrix-kind-known", MATRIX, ("cells", "S0", "public", "none"), UNKNOWN),
    Change("disclosure-subject-type-known", MATRIX, ("natural_person_like",), and_unknown),
    Change("disclosure-role-class-known", MATRIX, ("lawfully_public",), "S9"),
    Change("disclosure-personal-class-known", MATRIX, ("personal",), ["S9"]),
    Change("disclosure-raised-class-known", MATRIX, ("raised_by_subject",), {"S2": "S9"}),
    Change("mapping-file-name", MAPPING, ("id",), UNKNOWN),
    Change("mapping-item-known", MAPPING, ("item",), "F99-01"),
    Change("mapping-field-known", MAPPING, ("fields", UNKNOWN), {"from": "CF_SY"}),
    Change(
        "mapping-field-missing",
        MAPPING,
        ("missing",),
        lambda fields: {**fields, "subject.type": {"zh": "无", "en": "none"}},
    ),
    Change("mapping-column-ignored", MAPPING, ("ignore",), ["CF_XDR_MC"]),
    Change("mapping-column-unique", MAPPING, ("columns", "CF_FRDB"), ["CF_SY"]),
    Change("mapping-column-used", MAPPING, ("columns", UNKNOWN), []),
    Change("api-readable", API, ("paths",), {"/v1/x": DANGLING}),
    Change("api-version", API, ("info", "version"), "0.2"),
)
BY_ITSELF = {"file-readable"}
"""Rules over bytes, not values: see `test_a_file_that_cannot_be_read_breaks_a_rule`."""


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(root())


def test_ids_are_unique_and_described() -> None:
    ids = [rule.id for rule in rules()]
    assert len(ids) == len(set(ids)) > 90
    assert [rule.id for rule in rules() if not rule.description.endswith(".")] == []


def test_each_rule_has_a_change_that_it_notices() -> None:
    assert {change.rule for change in CHANGES} | BY_ITSELF == {rule.id for rule in rules()}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.rule)
def test_a_rule_notices_its_change(tree: Tree, change: Change) -> None:
    (rule,) = (rule for rule in rules() if rule.id == change.rule)
    assert list(rule.problems(tree)) == []

    problems = list(rule.problems(change.applied(tree)))

    assert problems
    assert {problem.rule for problem in problems} == {change.rule}
    assert all(problem.message.key != "loader.unforeseen" for problem in problems), problems


def test_a_file_that_cannot_be_read_breaks_a_rule(copy: Path) -> None:
    (copy / TERMS).write_text("- [", "utf-8")
    problems = [p for p in problems_of(read_tree(copy)) if p.file == TERMS]
    assert {p.rule for p in problems} == {"file-readable"}
