"""Pages about the rules: requirements, their traces to checks and mutants, what is not tested, terms."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from conformance.authoring.markdown import both, code, page, table
from conformance.model.standard import Clause, Requirement, Standard, Verification
from conformance.model.text import Text

ByRequirement = Mapping[str, Sequence[str]]
"""Names of checks or mutants by requirement id."""


def requirements(standard: Standard) -> str:
    """Every requirement with all that belongs to it."""
    count, edition = len(standard.requirements), f"{standard.version}, {standard.issued}"
    intro = Text(
        f"版本 {edition}。{standard.status.zh}"
        f"本版共 {count} 条要求；每句条文只在 standard/requirements 中书写一次。",
        f"Version {edition}. {standard.status.en} This edition has {count} requirements; "
        "each sentence is written once, in standard/requirements.",
    )
    parts = groupby(standard.requirements.values(), lambda r: r.part)
    sections = ["\n\n".join((f"## {part}", *map(_requirement, group))) for part, group in parts]
    return page(Text("全部要求", "All requirements"), intro, *sections)


def traceability(standard: Standard, checks: ByRequirement, mutants: ByRequirement) -> str:
    """From each clause to its requirements or the reason for none, on to the checks and the mutants."""
    intro = Text(
        "政策条款 → 要求或理由 → 检查 → 变异平台。条款以编号引用，以本项目的语言概述。",
        "Clause of the policy → requirements or reason → checks → mutants. "
        "Clauses are cited by number and summarized in this project's own words.",
    )
    head = ("条款 Clause", "力度 Force", "内容 Content", "要求或理由 Requirements or reason")
    cited = {c: [r.id for r in standard.requirements.values() if c in r.clauses] for c in standard.clauses}
    clauses = table(head, [_clause(c, cited[c.id]) for c in standard.clauses.values()])
    tested = table(
        ("要求 Requirement", "检查 Checks", "变异平台 Mutants"),
        [_trace(r, checks.get(r.id, ()), mutants.get(r.id, ())) for r in standard.requirements.values()],
    )
    title = Text("追溯矩阵", "Traceability")
    return page(title, intro, "## 条款 · Clauses", clauses, "## 检验 · Verification", tested)


def not_tested(standard: Standard) -> str:
    """Everything that no test of the suite decides, with the reason."""
    intro = Text(
        "测试套件不作判定的全部内容及其理由：不以测试检验的要求，以及本版没有要求与之对应的条款。",
        "All that the suite does not decide, and why: requirements that are not verified by a test, "
        "and clauses for which this edition has no requirement.",
    )
    untested = [
        (_link(r.id), r.verification.value, both(r.sentence), _reason(r.reason))
        for r in standard.requirements.values()
        if r.verification is not Verification.TEST
    ]
    uncovered = [
        (c.id, c.kind, both(c.summary), both(c.reason)) for c in standard.clauses.values() if c.reason
    ]
    head = ("方式 Verification", "内容 Content", "理由 Reason")
    blocks = (
        "## 要求 · Requirements",
        table(("要求 Requirement", *head), untested),
        "## 条款 · Clauses",
        table(("条款 Clause", "类别 Kind", *head[1:]), uncovered),
    )
    return page(Text("不作测试的内容", "What is not tested"), intro, *blocks)


def terms(standard: Standard) -> str:
    """The terms with their definitions."""
    intro = Text("本标准使用的术语。", "The terms that this standard uses.")
    rows = [(t.title.zh, t.title.en, both(t.definition)) for t in standard.terms.values()]
    return page(Text("术语", "Terms"), intro, table(("术语", "Term", "定义 Definition"), rows))


def _requirement(r: Requirement) -> str:
    facts = [
        ("级别 Level", r.level.value.upper()),
        ("条款 Clauses", ", ".join(r.clauses)),
        ("平台类别 Profiles", code(*r.profiles)),
        *([("能力 Capability", code(r.capability))] if r.capability else ()),
        *([("适用条件 Applies when", code(r.applies_when))] if r.applies_when else ()),
        *((f"`{p.name}`", f"{p.value} {p.unit}\n{both(p.rationale)}") for p in r.parameters.values()),
        ("检验 Verification", "\n".join([r.verification.value, *([both(r.reason)] if r.reason else ())])),
        ("整改 Remediation", both(r.remediation)),
        *([("说明 Note", both(r.note))] if r.note else ()),
    ]
    return "\n\n".join((f"### {r.id}", r.sentence.zh, r.sentence.en, table(("", ""), facts)))


def _clause(clause: Clause, cited: Sequence[str]) -> tuple[str, ...]:
    handled = ", ".join(map(_link, cited)) or _reason(clause.reason)
    return (clause.id, f"{clause.force}\n{clause.kind}", both(clause.summary), handled)


def _trace(r: Requirement, checks: Sequence[str], mutants: Sequence[str]) -> tuple[str, ...]:
    if r.verification is not Verification.TEST:
        return (_link(r.id), f"{r.verification.value}: {_reason(r.reason)}", "–")
    return (_link(r.id), "\n".join(map(code, checks)) or "–", "\n".join(map(code, mutants)) or "–")


def _link(requirement: str) -> str:
    return f"[{requirement}](requirements.md#{requirement.lower()})"


def _reason(reason: Text | None) -> str:
    return both(reason) if reason else "–"
