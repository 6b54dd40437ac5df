"""Each way to break the standard is noticed, named and placed, whatever else is broken."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.loader import Problem, StandardErrors, lint, load_standard, root
from conformance.messages import load_messages
from conformance.model.text import Lang

AUTHORIZATION = "standard/requirements/authorization.yaml"
TAX = "schemas/checklist/items/F04-02.yaml"
PERSONNEL = "schemas/checklist/items/F02-01.yaml"
ELEMENTS = "schemas/elements.yaml"
TYPES = "schemas/desensitization/types.yaml"
MATRIX = "schemas/desensitization/disclosure.yaml"
FORMATS = "schemas/formats.yaml"
API = "schemas/api/platform.openapi.yaml"
EDITION = "standard/standard.yaml"
VECTORS = "schemas/desensitization/vectors"


@dataclass(frozen=True)
class Damage:
    """A replacement in one file, and the problem that shows it."""

    name: str
    file: str
    old: str
    new: str
    key: str
    where: str = ""
    """The file that is blamed, if it is another one."""


DAMAGES = (
    Damage(
        "unauthorizable",
        MATRIX,
        "hub: {none: gen, authorized: gen}",
        "hub: {none: gen, authorized: raw}",
        "unauthorizable",
    ),
    Damage("yaml", AUTHORIZATION, "- id: AUT-001", "- id: [AUT-001", "yaml_syntax"),
    Damage(
        "duplicate key",
        AUTHORIZATION,
        "  level: shall\n",
        "  level: shall\n  level: shall\n",
        "yaml_duplicate",
    ),
    Damage("alias", AUTHORIZATION, "[baseline]", "&a [baseline]", ""),
    Damage("tag", AUTHORIZATION, "level: shall", "level: !!python/name:os.system shall", "yaml_tag"),
    Damage("missing key", AUTHORIZATION, "  actor: platform\n", "", "missing"),
    Damage(
        "unknown key", AUTHORIZATION, "  actor: platform\n", "  actor: platform\n  actro: x\n", "unknown_near"
    ),
    Damage("level", AUTHORIZATION, "level: shall", "level: must", "choice"),
    Damage("boolean is text", AUTHORIZATION, "actor: platform", "actor: true", "choice"),
    Damage("clause", AUTHORIZATION, '["5.11-b"]', '["9.99-z"]', "unknown_clause"),
    Damage("profile", AUTHORIZATION, "[baseline]", "[basic]", ""),
    Damage("prefix", AUTHORIZATION, "id: AUT-001", "id: COL-991", "prefix"),
    Damage("duplicate id", AUTHORIZATION, "id: AUT-002", "id: AUT-001", "duplicate"),
    Damage("force", AUTHORIZATION, "A platform SHALL", "A platform should", "force"),
    Damage("force zh", AUTHORIZATION, "平台应记录", "平台记录", "force"),
    Damage("day", AUTHORIZATION, '"2026-01-01"', '"2026-02-30"', ""),
    Damage("reason missing", AUTHORIZATION, "  verification: test", "  verification: document", ""),
    Damage(
        "applies_when",
        AUTHORIZATION,
        "capability: null",
        'capability: null\n  applies_when: "target.colour == 1"',
        "cel_field",
    ),
    Damage(
        "applies_when syntax",
        AUTHORIZATION,
        "capability: null",
        'capability: null\n  applies_when: "target."',
        "cel_syntax",
    ),
    Damage(
        "reason needless",
        "standard/clauses.yaml",
        "    duty:",
        "    reason: {zh: 无, en: none}\n    duty:",
        "",
    ),
    Damage("circle", "standard/profiles.yaml", "extends: []", "extends: [provincial]", "circular"),
    Damage("term", "standard/terms.yaml", "- id: hub", "- id: platform", "duplicate"),
    Damage("item missing", "schemas/checklist/national.yaml", "[F01-01,", "[F01-01, F01-99,", "item_missing"),
    Damage(
        "item unlisted",
        "schemas/checklist/national.yaml",
        "[F01-01,",
        "[",
        "item_unlisted",
        "items/F01-01.yaml",
    ),
    Damage("item twice", "schemas/checklist/national.yaml", "[F01-01,", "[F01-01, F01-01,", ""),
    Damage("element", TAX, "$defs/taxpayer_id", "$defs/no_such", "unresolvable"),
    Damage("key field", TAX, "key: [tax_item,", "key: [tax_thing,", "unknown_field"),
    Damage("required field", TAX, "required: [taxpayer_id,", "required: [taxpayer,", "unknown_field"),
    Damage("class", TAX, "x-class: S3", "x-class: S9", ""),
    Damage("category", TAX, "category: F04", "category: F99", "unknown_category"),
    Damage("subject type", TAX, "[enterprise, ind", "[enterprize, ind", "unknown_subject_type"),
    Damage("code", TAX, "code: F04-02", "code: F04-03", "stem"),
    Damage(
        "rule field",
        TAX,
        "record.period_from <= record.period_to",
        "record.x <= record.period_to",
        "cel_field",
    ),
    Damage(
        "rule guard", TAX, "record.period_from <= record.period_to", "record.tax_payable == '1'", "cel_guard"
    ),
    Damage(
        "rule money", TAX, "record.period_from <= record.period_to", "record.tax_paid > '1'", "cel_decimal"
    ),
    Damage(
        "rule type", TAX, "record.period_from <= record.period_to", "record.period_from == 1", "cel_types"
    ),
    Damage(
        "rule function",
        TAX,
        "record.period_from <= record.period_to",
        "size(record.tax_item) > 1",
        "cel_function",
    ),
    Damage("rule subset", TAX, "record.period_from <= record.period_to", "true ? true : false", "cel_subset"),
    Damage(
        "rule fields",
        TAX,
        "fields: [period_from, period_to]",
        "fields: [period_from, nothing]",
        "unknown_field",
    ),
    Damage("rule id", TAX, "id: F04-02.period_order", "id: F04-03.period_order", "prefix"),
    Damage("person", PERSONNEL, "identified_by: person_id_no", "identified_by: nobody", "unknown_field"),
    Damage("code set", ELEMENTS, "x-code-set: currency", "x-code-set: curency", "unknown_code_set"),
    Damage("format", ELEMENTS, "format: resident-id", "format: resident", ""),
    Damage("type", ELEMENTS, "x-desensitization: resident_id", "x-desensitization: resident", "unknown_type"),
    Damage("pattern digit", ELEMENTS, '"^[0-9]{15}$"', '"^\\\\d{15}$"', ""),
    Damage("pattern open", ELEMENTS, '"^[0-9]{15}$"', '"^[0-9]{15}"', ""),
    Damage("pattern lookaround", ELEMENTS, '"^[0-9]{15}$"', '"^(?=1)[0-9]{15}$"', ""),
    Damage("pattern property", ELEMENTS, '"^[0-9]{15}$"', '"^\\\\p{Han}{15}$"', ""),
    Damage("pattern broken", ELEMENTS, '"^[0-9]{15}$"', '"^[0-9{15}$"', ""),
    Damage("set id", "schemas/codes/currency.yaml", "id: currency", "id: money", "stem"),
    Damage("operator", TYPES, "{op: cn_name, max_fill: 2}", "{op: name}", ""),
    Damage("parameter", TYPES, "{op: cn_name, max_fill: 2}", "{op: cn_name, max_fill: 0}", "parameter"),
    Damage("unknown parameter", TYPES, "{op: cn_name, max_fill: 2}", "{op: cn_name, fill: 2}", ""),
    Damage("edges", TYPES, "edges: [0, 500000,", "edges: [500000, 0,", "edges"),
    Damage("audience", MATRIX, "    public: {none: raw,", "    everybody: {none: raw,", ""),
    Damage("kind", MATRIX, "public: {none: raw,", "public: {none: rough,", ""),
    Damage("vector type", f"{VECTORS}/mask.yaml", "type: mobile", "type: mobil", "unknown_type"),
    Damage("class listed", MATRIX, "personal: [S3,", "personal: [S9,", ""),
    Damage("raised class", MATRIX, "classes: [S0, S1, S2,", "classes: [S0, S1,", "unknown_class"),
    Damage("cell of a class", MATRIX, "never_disclosed: S5", "never_disclosed: S4", "unknown_class"),
    Damage("format twice", FORMATS, "name: line", "name: decimal", "duplicate"),
    Damage("format unlisted", FORMATS, "name: patent-no", "name: patent", "unknown_format", ELEMENTS),
    Damage("sharing mode", TAX, "sharing_mode: ", "sharing_mode: un", "unknown_sharing_mode"),
    Damage(
        "channel",
        "schemas/codes/sharing_mode.yaml",
        "channels: [head_to_head]",
        "channels: [headquarters]",
        "unknown_channel",
    ),
    Damage("version of the API", API, 'version: "0.1"', 'version: "0.2"', "other_version"),
    Damage("part", EDITION, "authorization: AUT", "authorization: ATH", "prefix", AUTHORIZATION),
    Damage("edition", EDITION, 'version: "0.1"', 'version: "1"', "pattern"),
    Damage("variant of a term", AUTHORIZATION, "平台应记录", "平台应采集", "forbidden_variant"),
    Damage("calque", AUTHORIZATION, "平台应只将", "平台应使", "forbidden_variant"),
    Damage("meta-schema", "schemas/meta/terms.schema.yaml", "type: array", "type: arr", "schema"),
)


def damage(folder: Path, one: Damage) -> None:
    path = folder / one.file
    text = path.read_text("utf-8")
    assert one.old in text, f"{one.name}: nothing to damage"
    path.write_text(text.replace(one.old, one.new, 1), "utf-8")


def blamed(problems: list[Problem], one: Damage) -> Iterator[Problem]:
    for problem in problems:
        right_key = not one.key or problem.message.key == f"loader.{one.key}"
        if right_key and problem.file.endswith(one.where or one.file):
            yield problem


def test_the_standard_itself_is_clean() -> None:
    assert lint(root()) == []


def test_the_small_copy_is_clean(copy: Path) -> None:
    assert lint(copy) == []
    assert len(load_standard(copy).checklist.items) == len(load_standard().checklist.items)


@pytest.mark.parametrize("case", [d for d in DAMAGES if d.name != "alias"], ids=lambda d: d.name)
def test_each_damage_is_noticed(copy: Path, case: Damage) -> None:
    damage(copy, case)

    problems = lint(copy)
    matching = list(blamed(problems, case))

    assert matching, [(p.place, p.message.key, dict(p.message.args)) for p in problems]
    assert all("unforeseen" not in p.message.key for p in problems)
    messages = load_messages()
    for problem in problems:
        for lang in Lang:
            assert messages.render(problem.message, lang) != problem.message.key


def test_a_damaged_standard_is_not_loaded(copy: Path) -> None:
    for case in DAMAGES:
        if case.name in ("yaml", "rule guard"):
            damage(copy, case)

    with pytest.raises(StandardErrors) as raised:
        load_standard(copy)

    assert [p.file for p in raised.value.problems] == [TAX, AUTHORIZATION]


def test_three_broken_files_are_all_reported(copy: Path) -> None:
    damages = [d for d in DAMAGES if d.name in ("yaml", "rule guard", "set id", "vector type", "circle")]
    for case in damages:
        damage(copy, case)

    problems = lint(copy)

    assert len(damages) == 5
    for case in damages:
        assert list(blamed(problems, case)), case.name


def test_two_problems_of_one_file_are_both_reported(copy: Path) -> None:
    damages = [d for d in DAMAGES if d.name in ("clause", "duplicate id", "force", "applies_when")]
    for case in damages:
        damage(copy, case)

    problems = lint(copy)

    assert all(list(blamed(problems, one)) for one in damages)


def test_a_problem_says_where(copy: Path) -> None:
    damage(copy, next(d for d in DAMAGES if d.name == "rule guard"))

    (problem,) = lint(copy)

    line = (copy / TAX).read_text("utf-8").splitlines()[(problem.line or 0) - 1]
    assert (problem.file, problem.path, problem.id) == (TAX, "/x-rules/0/rule", "F04-02.period_order")
    assert "tax_payable" in line


@pytest.mark.parametrize("file", [ELEMENTS, AUTHORIZATION, TYPES, "schemas/codes/audience.yaml"])
@pytest.mark.parametrize("content", ["", "[]", "- 1", "a: {b: [c]}", "\x00"])
def test_nonsense_is_a_problem_and_never_a_crash(copy: Path, file: str, content: str) -> None:
    (copy / file).write_text(content, "utf-8")

    problems = lint(copy)

    assert any(p.file == file for p in problems), problems


@pytest.mark.parametrize(
    "file", ["schemas/elements.yaml", "standard/clauses.yaml", "schemas/checklist/national.yaml"]
)
def test_a_missing_file_is_a_problem(copy: Path, file: str) -> None:
    (copy / file).unlink()

    assert any(p.file == file and p.message.key == "loader.file_missing" for p in lint(copy))


def test_an_alias_is_refused(copy: Path) -> None:
    (copy / "standard/terms.yaml").write_text("- &a {id: x}\n- *a\n", "utf-8")

    assert any(p.message.key == "loader.yaml_alias" for p in lint(copy))


def test_the_digest_is_that_of_the_content(copy: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(copy, tmp_path / "elsewhere"))
    digest = load_standard(copy).digest

    assert load_standard(elsewhere).digest == digest
    with (elsewhere / "standard/terms.yaml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert load_standard(elsewhere).digest != digest
