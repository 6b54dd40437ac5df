"""Turning valid files into the rules of the model: clauses, requirements, profiles, desensitization."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from conformance.loader.shapes import DESENSITIZATION, DISCLOSURE, optional_text, text
from conformance.loader.tree import Tree
from conformance.model.shapes import Cell, Desensitization, Kind, TypeRules
from conformance.model.standard import (
    Clause,
    Level,
    Parameter,
    Profile,
    Requirement,
    Term,
    Verification,
)

EDITION = "standard/standard.yaml"
CLAUSES = "standard/clauses.yaml"
PROFILES = "standard/profiles.yaml"
TERMS = "standard/terms.yaml"
REQUIREMENTS = "standard/requirements"


def clauses(tree: Tree) -> dict[str, Clause]:
    return {c["id"]: _clause(c) for c in tree.value(CLAUSES, {}).get("clauses", ())}


def _clause(c: Mapping[str, Any]) -> Clause:
    kind = c["kind"] if isinstance(c["kind"], str) else "+".join(c["kind"])
    return Clause(
        c["id"], c["force"], kind, text(c["summary"]), text(c["duty"]), optional_text(c.get("reason"))
    )


def profiles(tree: Tree) -> dict[str, Profile]:
    rows = tree.value(PROFILES, [])
    return {p["id"]: Profile(p["id"], text(p["title"]), tuple(p.get("extends", ()))) for p in rows}


def terms(tree: Tree) -> dict[str, Term]:
    rows = tree.value(TERMS, [])
    return {t["id"]: _term(t) for t in rows}


def _term(t: Mapping[str, Any]) -> Term:
    forbidden = {lang: tuple(variants) for lang, variants in t.get("forbidden", {}).items()}
    return Term(t["id"], text(t["title"]), text(t["definition"]), forbidden)


def requirements(tree: Tree) -> dict[str, Requirement]:
    rows = ((file.rpartition("/")[2].removesuffix(".yaml"), v or ()) for file, v in tree.below(REQUIREMENTS))
    return {r["id"]: _requirement(part, r) for part, records in rows for r in records}


def _requirement(part: str, r: Mapping[str, Any]) -> Requirement:
    until = r.get("effective_until")
    return Requirement(
        id=r["id"],
        part=part,
        level=Level(r["level"]),
        actor=r["actor"],
        sentence=text(r["sentence"]),
        clauses=tuple(r["clauses"]),
        profiles=tuple(r["profiles"]),
        capability=r.get("capability"),
        applies_when=r.get("applies_when"),
        parameters={name: _parameter(name, p) for name, p in (r.get("parameters") or {}).items()},
        effective_from=date.fromisoformat(r["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
        verification=Verification(r["verification"]),
        reason=optional_text(r.get("reason")),
        remediation=text(r["remediation"]),
        note=optional_text(r.get("note")),
    )


def _parameter(name: str, p: Mapping[str, Any]) -> Parameter:
    return Parameter(name, p["value"], p["unit"], text(p["rationale"]))


def desensitization(tree: Tree) -> Desensitization:
    operators = tree.value(f"{DESENSITIZATION}/operators.yaml", {})
    disclosure = tree.value(DISCLOSURE, {})
    types = tree.value(f"{DESENSITIZATION}/types.yaml", {})
    return Desensitization(
        fallback=operators.get("fallback", "***"),
        operators=operators.get("operators", {}),
        types={name: _type(name, t) for name, t in types.items()},
        cells={
            (level, audience): Cell(level, audience, Kind(cell["none"]), Kind(cell["authorized"]))
            for level, row in disclosure.get("cells", {}).items()
            for audience, cell in row.items()
        },
        natural_person_like=frozenset(disclosure.get("natural_person_like", ())),
        vectors={
            file.rpartition("/")[2].removesuffix(".yaml"): tuple(value or ())
            for file, value in tree.below(f"{DESENSITIZATION}/vectors")
        },
        tables={**tree.value(f"{DESENSITIZATION}/tables.yaml", {}), "division": _divisions(tree)},
        classes=tuple(disclosure.get("classes", ())),
        lawfully_public=disclosure.get("lawfully_public", ""),
        personal=frozenset(disclosure.get("personal", ())),
        never_disclosed=disclosure.get("never_disclosed", ""),
        raised_by_subject=disclosure.get("raised_by_subject", {}),
    )


def _divisions(tree: Tree) -> dict[str, dict[str, str]]:
    """Name, level and parent of each administrative division, by code."""
    rows = tree.value("schemas/codes/division.yaml", {}).get("codes", ())
    return {
        row["code"]: {"name": row["title"]["zh"], "level": row["level"]}
        | ({"parent": row["parent"]} if row.get("parent") else {})
        for row in rows
    }


def _type(name: str, t: Mapping[str, Any]) -> TypeRules:
    operators = {Kind(kind): operator for kind, operator in t.get("operators", {}).items()}
    valid = tuple(t.get("valid", ()))
    return TypeRules(name, text(t["title"]), t["normalize"], valid, t.get("tail"), operators)
