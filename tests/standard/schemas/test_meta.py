"""The meta-schemas can fail: each sabotage of a good document is noticed."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.standard.schemas import files

TEXT = {"zh": "文", "en": "text"}
KEY = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}
TARGET = {
    "target": {"base_url": "https://platform.example/fcsp", "profile": "baseline"},
    "clients": {r: {"client_id": f"{r}-1", "key": r} for r in ("hub", "upstream", "provider")},
    "institutions": {"keys": ["institution-1", "institution-2"]},
    "subjects": {"issuer": "https://issuer.fcsp.test"},
    "secrets": {"store": "keys"},
}
TRUST = {
    "clients": [
        {
            "client_id": "hub-1",
            "role": "hub",
            "name": "Test hub",
            "uscc": "11990100XTRX9PKA1C",
            "jwks": {"keys": [KEY]},
        }
    ],
    "assertion_issuers": [{"issuer": "https://issuer.fcsp.test", "jwks": {"keys": [KEY]}}],
}
REQUIREMENT = {
    "id": "ABC-001",
    "level": "shall",
    "actor": "platform",
    "sentence": TEXT,
    "clauses": ["2.1-a"],
    "profiles": ["baseline"],
    "capability": None,
    "effective_from": "2026-01-01",
    "effective_until": None,
    "verification": "test",
    "remediation": TEXT,
}
GOOD: dict[str, Any] = {
    "elements": files.value("elements.yaml"),
    "item": files.value("checklist/items/F02-01.yaml"),
    "checklist": files.value("checklist/national.yaml"),
    "overlay": files.value("checklist/overlays/990000.yaml"),
    "formats": files.value("formats.yaml"),
    "standard": files.read(files.ROOT / "standard" / "standard.yaml"),
    "desensitization-disclosure": files.value("desensitization/disclosure.yaml"),
    "code_set": files.value("codes/severity.yaml"),
    "calendar": files.value("codes/calendar.yaml"),
    "truth_table": files.value("cel/truth-table.yaml"),
    "reserved": files.value("codes/reserved.yaml"),
    "requirements": [REQUIREMENT],
    "target": TARGET,
    "trust": TRUST,
    "messages": {"key": TEXT},
}
Sabotage = Callable[[Any], object]


def _added(overlay: Any) -> Any:
    """The field that an overlay adds first."""
    return overlay["fields"][0]["properties"]["recycled_m3"]


SABOTAGES: tuple[tuple[str, str, Sabotage], ...] = (
    ("elements", "digit_escape", lambda d: d["$defs"]["date"].update(pattern="^\\d$")),
    ("elements", "open_pattern", lambda d: d["$defs"]["date"].update(pattern="^[0-9]+")),
    ("elements", "lookaround", lambda d: d["$defs"]["date"].update(pattern="^(?=a)a$")),
    ("elements", "no_greatest_length", lambda d: d["$defs"]["date"].pop("maxLength")),
    ("elements", "no_class", lambda d: d["$defs"]["date"].pop("x-class")),
    ("elements", "unknown_class", lambda d: d["$defs"]["date"].update({"x-class": "S6"})),
    ("elements", "enum_beside_code_set", lambda d: d["$defs"]["severity"].update(enum=["MINOR"])),
    ("item", "property_without_reference", lambda d: d["properties"]["phone"].pop("$ref")),
    ("item", "property_of_its_own_type", lambda d: d["properties"]["phone"].update(type="string")),
    ("item", "open_content", lambda d: d.pop("unevaluatedProperties")),
    ("item", "no_key", lambda d: d["x-item"].pop("key")),
    ("item", "no_rules", lambda d: d.pop("x-rules")),
    ("item", "rule_without_message", lambda d: d["x-rules"].append({"id": "F02-01.x", "rule": "true"})),
    ("item", "person_without_identifier", lambda d: d["properties"]["phone"].update({"x-person": {}})),
    ("item", "condition_without_consequence", lambda d: d.pop("then")),
    ("checklist", "no_status", lambda d: d.pop("status")),
    ("checklist", "no_such_date", lambda d: d["versions"][0].update(effective_from="2026-02-30")),
    ("overlay", "no_legal_basis", lambda d: d.pop("legal_basis")),
    ("overlay", "removes", lambda d: d.update(remove=["F01-01"])),
    ("overlay", "drops_a_required_field", lambda d: d["fields"][0].update(required=[])),
    ("overlay", "requires_its_own_field", lambda d: d["fields"][0].update(required=["recycled_m3"])),
    ("overlay", "changes_disclosure", lambda d: d["fields"][0].update(disclosure="public")),
    ("overlay", "field_without_basis", lambda d: _added(d).pop("x-legal-basis")),
    ("overlay", "field_without_class", lambda d: _added(d).pop("x-class")),
    ("overlay", "other_desensitization", lambda d: _added(d).update({"x-desensitization": "plain"})),
    ("overlay", "city", lambda d: d.update(division="990100")),
    ("formats", "open_pattern", lambda d: d[0].update(pattern="[0-9]+")),
    ("formats", "no_citation", lambda d: d[0].pop("citation")),
    ("standard", "no_version", lambda d: d.pop("version")),
    ("standard", "no_such_date", lambda d: d.update(date="2026-02-30")),
    ("standard", "long_prefix", lambda d: d["parts"].update(query="QUERY")),
    ("desensitization-disclosure", "no_personal_class", lambda d: d.update(personal=[])),
    ("desensitization-disclosure", "raised_to_nothing", lambda d: d["raised_by_subject"].update(S2=None)),
    ("code_set", "one_language", lambda d: d["title"].pop("en")),
    ("code_set", "number_as_code", lambda d: d["codes"][0].update(code=1)),
    ("code_set", "no_source", lambda d: d.pop("source")),
    ("calendar", "no_such_date", lambda d: d["years"]["2026"]["workdays"].append("2026-02-30")),
    ("truth_table", "result_as_text", lambda d: d["cases"][0].update(result="true")),
    ("reserved", "real_province", lambda d: d["divisions"].append("110000")),
    ("reserved", "real_domain", lambda d: d.update(email_domain="mail.cn")),
    ("requirements", "ranged_id", lambda d: d[0].update(id="ABC-001..003")),
    ("requirements", "untested_without_reason", lambda d: d[0].update(verification="none")),
    ("requirements", "reason_for_a_tested_one", lambda d: d[0].update(reason=TEXT)),
    ("requirements", "sentence_in_one_language", lambda d: d[0].update(sentence={"zh": "文"})),
    ("target", "secret_in_the_file", lambda d: d["secrets"].update(hub="-----BEGIN")),
    ("target", "user_in_the_address", lambda d: d["target"].update(base_url="https://a:b@platform.example")),
    ("target", "single_institution", lambda d: d["institutions"]["keys"].pop()),
    ("trust", "private_key", lambda d: d["clients"][0]["jwks"]["keys"][0].update(d="C" * 43)),
    ("trust", "misspelt_role", lambda d: d["clients"][0].update(role="A Bank")),
    ("messages", "no_translation", lambda d: d["key"].pop("en")),
)


def _errors(name: str, document: Any) -> list[str]:
    schema = files.read(files.SHAPES / "meta" / f"{name}.schema.yaml")
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date", "regex"]))
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", GOOD)
def test_good_documents_pass(name: str) -> None:
    assert _errors(name, GOOD[name]) == []


@pytest.mark.parametrize(
    ("name", "sabotage"), [pytest.param(n, s, id=f"{n}-{fact}") for n, fact, s in SABOTAGES]
)
def test_each_sabotage_is_noticed(name: str, sabotage: Sabotage) -> None:
    document = copy.deepcopy(GOOD[name])
    sabotage(document)
    assert _errors(name, document)


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"formats", "messages", "requirements"}))
def test_unknown_members_are_refused(name: str) -> None:
    assert _errors(name, {**GOOD[name], "surprise": 1})
