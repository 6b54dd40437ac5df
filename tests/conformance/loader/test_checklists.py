"""Versions hang together, the one in force follows the day, and a province only adds; with sabotage."""

from datetime import date
from pathlib import Path

import pytest

from conformance.loader import lint, load_standard
from tests.conformance.loader.test_lint import TAX, Damage, blamed, damage

OVERLAY = "schemas/checklist/overlays/990000.yaml"
OVERLAY_ITEM = "schemas/checklist/overlays/990000/G01-01.yaml"
CHECKLIST = "schemas/checklist/national.yaml"
FIELD = "      recycled_m3:"
BASIS = "x-legal-basis: {zh: 无, en: none}"
OF_VERSIONS = [
    Damage("gap", CHECKLIST, '"2027-04-01"', '"2027-04-02"', "version_gap"),
    Damage("overlap", CHECKLIST, '"2027-04-01"', '"2027-03-31"', "version_gap"),
    Damage("open end", CHECKLIST, '"2027-03-31"', "null", "version_gap"),
    Damage("twice", CHECKLIST, 'version: "2027.1"', 'version: "2026.1"', "duplicate"),
    Damage("added again", CHECKLIST, "items: [F13-03]", "items: [F13-03, F13-02]", "duplicate"),
    Damage("unknown revised", CHECKLIST, "[F12-01, F14-01]", "[F12-01, F14-01, F99-01]", "unknown_item"),
    Damage("unknown removed", CHECKLIST, "revised:", "removed: [F99-01]\n    revised:", "unknown_item"),
    Damage("no file", CHECKLIST, "[F12-01, F14-01]", "[F12-01, F12-02, F14-01]", "item_missing"),
    Damage(
        "not revised",
        CHECKLIST,
        "[F12-01, F14-01]",
        "[F12-01]",
        "item_unlisted",
        "items/F14-01@2027.1.yaml",
    ),
]
OF_OVERLAYS = [
    Damage("takes over an item", OVERLAY, "items: [G01-01]", "items: [G01-01, F13-01]", "duplicate"),
    Damage("drops a field", OVERLAY, FIELD, f"      meter_no: null\n{FIELD}", ""),
    Damage("drops an item", OVERLAY, "items: [G01-01]", "items: [G01-01]\nremoved: [F13-01]", ""),
    Damage("drops a required field", OVERLAY, "  - item: F07-01", "  - item: F07-01\n    required: []", ""),
    Damage(
        "replaces a field",
        OVERLAY,
        "      recycled_m3:",
        "      meter_no:",
        "overlay_replaces",
    ),
    Damage(
        "weakens a limit",
        OVERLAY,
        FIELD,
        f"      arrears_periods: {{maximum: 1300, {BASIS}}}\n{FIELD}",
        "overlay_weakens",
    ),
    Damage(
        "lowers a class",
        OVERLAY,
        FIELD,
        f"      bill_amount: {{x-class: S1, {BASIS}}}\n{FIELD}",
        "overlay_class",
    ),
    Damage(
        "adds below the class of the element",
        OVERLAY,
        "x-class: S3",
        "x-class: S1",
        "overlay_class",
    ),
    Damage("item below the class", OVERLAY_ITEM, "x-class: S3", "x-class: S0", "overlay_class"),
    Damage(
        "class below by condition",
        OVERLAY_ITEM,
        "x-class: S3",
        'x-class: S3\n    x-class-when: [{when: "has(record.left_date)", class: S0}]',
        "overlay_class",
    ),
    Damage(
        "other desensitization",
        OVERLAY_ITEM,
        "x-class: S3",
        "x-class: S3\n    x-desensitization: plain",
        "other_desensitization",
    ),
    Damage(
        "tightens what is not there",
        OVERLAY,
        FIELD,
        f"      x: {{maximum: 1, {BASIS}}}\n{FIELD}",
        "unknown_field",
    ),
    Damage("unknown item", OVERLAY, "item: F07-01", "item: F07-99", "unknown_item"),
    Damage(
        "field without basis",
        OVERLAY,
        "        x-legal-basis: {zh: 《测试省节约",
        "        x-legal: {zh: 《测试省节约",
        "",
    ),
    Damage("item without basis", OVERLAY_ITEM, "  legal_basis:", "  # legal_basis:", "no_basis"),
    Damage("another province", OVERLAY, 'division: "990000"', 'division: "110000"', "stem"),
    Damage(
        "basis of the nation",
        TAX,
        "  update_frequency",
        "  legal_basis: {zh: 无, en: none}\n  update_frequency",
        "national_basis",
    ),
]


@pytest.mark.parametrize("case", [*OF_VERSIONS, *OF_OVERLAYS], ids=lambda d: d.name)
def test_versions_hang_together_and_overlays_only_add(copy: Path, case: Damage) -> None:
    damage(copy, case)

    problems = lint(copy)

    assert list(blamed(problems, case)), [(p.place, p.message.key) for p in problems]
    assert all("unforeseen" not in p.message.key for p in problems)


def test_what_cannot_be_decided_counts_as_weakened(copy: Path) -> None:
    item = copy / "schemas/checklist/items/F07-01.yaml"
    item.write_text(
        item.read_text("utf-8").replace("    maximum: 1200\n", "    maximum: 1200\n    minimum: 1\n"), "utf-8"
    )
    overlay = copy / OVERLAY
    looser = f"      arrears_periods: {{minimum: 0, {BASIS}}}\n"
    overlay.write_text(overlay.read_text("utf-8").replace(FIELD, looser + FIELD), "utf-8")

    assert [p.message.key for p in lint(copy)] == ["loader.overlay_weakens"]


def test_an_overlay_may_tighten(copy: Path) -> None:
    overlay = copy / OVERLAY
    stricter = f"      arrears_periods: {{maximum: 120, {BASIS}}}\n"
    overlay.write_text(overlay.read_text("utf-8").replace(FIELD, stricter + FIELD), "utf-8")

    assert lint(copy) == []
    item = load_standard(copy).on(date(2026, 11, 24), "990100").checklist.item("F07-01")
    assert item.field("arrears_periods").schema["maximum"] == 120


def test_an_overlay_adds_to_its_own_province_only() -> None:
    standard = load_standard()
    provincial, other_province = (standard.on(date(2026, 11, 24), d).checklist for d in ("990100", "110000"))

    assert {i.code for i in provincial.items} - {i.code for i in other_province.items} == {"G01-01"}
    assert provincial.item("G01-01").legal_basis
    assert provincial.item("F14-01").field("certified_staff").legal_basis
    assert provincial.item("F14-01").digest != other_province.item("F14-01").digest
    assert [i.digest for i in other_province.items] == [
        i.digest for i in standard.checklists.national[0].items
    ]


@pytest.mark.parametrize(
    ("day", "version", "following", "transition"),
    [
        (date(2025, 6, 1), "2026.1", "2026.1", False),
        (date(2027, 3, 31), "2026.1", "2027.1", False),
        (date(2027, 4, 1), "2027.1", None, True),
        (date(2027, 6, 29), "2027.1", None, True),
        (date(2027, 6, 30), "2027.1", None, False),
    ],
)
def test_the_version_in_force_follows_the_day(
    day: date,
    version: str,
    following: str | None,
    transition: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    standard = load_standard().on(day, "990100")

    assert standard.checklist.version == version
    assert (standard.next_checklist and standard.next_checklist.version) == following
    assert standard.in_transition is transition
