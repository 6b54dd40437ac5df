"""Pages about the shapes: the reconstructed checklist and the disclosure matrix."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from conformance.authoring.markdown import both, code, page, table
from conformance.loader import read_yaml
from conformance.model.shapes import Cell, Checklist, Field, Item, Kind
from conformance.model.standard import Standard
from conformance.model.text import Text


def checklist(standard: Standard, root: Path) -> str:
    """The oldest version by category, then what each later one changes and what provinces add.

    The page is the same on every day: it tells of all versions rather than of the one in force.
    """
    first, *later = standard.checklists.national
    counts = (
        len({i.category for i in first.items}),
        len(first.items),
        sum(len(i.fields) for i in first.items),
    )
    intro = Text(
        "重建稿，版本 {}：{} 类、{} 项、{} 个字段。".format(first.version, *counts),
        "A reconstruction, version {}: {} categories, {} items, {} fields.".format(first.version, *counts),
    )
    notice = f"> **{first.status.zh}**\n>\n> **{first.status.en}**"
    sections = [
        f"## {category['code']} {category['title']['zh']} · {category['title']['en']}\n\n"
        + "\n\n".join(_item(item) for item in first.items if item.category == category["code"])
        for category in _categories(root)
        if any(item.category == category["code"] for item in first.items)
    ]
    changes = [_changes(before, after) for before, after in pairwise((first, *later))]
    added = [_added(first, versions[0]) for versions in standard.checklists.provincial.values()]
    title = Text("信用信息归集共享清单（重建稿）", "Checklist (reconstruction)")
    return page(title, intro, notice, *sections, *changes, *added)


def _changes(before: Checklist, after: Checklist) -> str:
    """Differences of a version from the one before it."""
    digests = {item.digest for item in before.items}
    changed = "\n\n".join(_item(item) for item in after.items if item.digest not in digests)
    removed = [item.code for item in before.items if not after.has(item.code)]
    ended = f"不再包含 No longer contains: {code(*removed)}\n\n" if removed else ""
    since = after.effective_from.isoformat()
    return (
        f"## 版本 {after.version}，自 {since} 起 · Version {after.version}, from {since}\n\n{ended}{changed}"
    )


def _added(national: Checklist, provincial: Checklist) -> str:
    """Additions of a province, with the legal basis of each addition."""
    rows = [
        (code(f"{item.code}"), "", both(item.title), both(item.legal_basis))
        for item in provincial.items
        if item.legal_basis
    ] + [
        (code(item.code), code(f.name), f"{both(f.title)} ({f.sensitivity})", both(f.legal_basis))
        for item in provincial.items
        for f in item.fields
        if f.legal_basis
    ]
    items = [_item(item) for item in provincial.items if not national.has(item.code)]
    head = ("信息项 Item", "字段 Field", "名称 Title", "法律依据 Legal basis")
    return "\n\n".join(("## 省级补充 · Added by a province", table(head, rows), *items))


def disclosure(standard: Standard) -> str:
    """The matrix: class x audience, without and with authorization."""
    intro = Text(
        "单元格为“无授权 / 有授权”时的输出种类：raw 原值，part 部分遮盖，gen 泛化，tok 令牌化，sup 隐去。",
        "A cell gives the kind without / with authorization: raw, part (partial mask), gen (generalized), "
        "tok (token), sup (withheld).",
    )
    rules, audiences = standard.desensitization, standard.codes["audience"].codes.values()
    classes = rules.classes
    rows = [
        (
            both(audience.title),
            *(_cell(rules.cells.get((c, audience.code))) for c in classes),
        )
        for audience in audiences
    ]
    items = standard.checklists.national[0].items
    counts = {c: sum(f.sensitivity == c for i in items for f in i.fields) for c in classes}
    fields = ("字段数 Fields", *(str(counts[c]) for c in classes))
    like = code(*sorted(rules.natural_person_like))
    raised = rules.raised_by_subject.items()
    note = both(
        Text(
            f"主体类型为 {like} 时，" + "，".join(f"{low} 按 {high} 处理" for low, high in raised) + "。",
            f"For subjects of the types {like}, "
            + ", ".join(f"{low} counts as {high}" for low, high in raised)
            + ".",
        )
    ).replace("\n", "\n\n")
    title = Text("披露矩阵", "Disclosure matrix")
    return page(title, intro, table(("受众 Audience", *classes), [*rows, fields]), note)


def _categories(root: Path) -> list[dict[str, Any]]:
    """Categories are titles only and no part of the model, so they are read from the list itself."""
    found: list[dict[str, Any]] = read_yaml(root / "schemas/checklist/national.yaml")["categories"]
    return found


def _item(item: Item) -> str:
    facts = code(item.disclosure, item.update_frequency, item.sharing_mode, item.collection_mode)
    verified = f" · 可核验 can be verified: {code(*item.verifiable)}" if item.verifiable else ""
    summary = f"{'、'.join(item.providers)} · {code(*item.subject_types)} · {facts}{verified}"
    head = ("字段 Field", "名称 Title", "级别 Class", "脱敏 Desensitization", "必填 Required")
    rows = [
        (
            code(f.name),
            f"{f.title.zh} {f.title.en}",
            _classes(f),
            f.desensitization_type,
            "✓" if f.required else "",
        )
        for f in item.fields
    ]
    return f"### {item.code} {item.title.zh} · {item.title.en}\n\n{summary}\n\n{table(head, rows)}"


def _classes(field: Field) -> str:
    """The class, and those that hold under a condition."""
    return "\n".join(
        [field.sensitivity, *(f"{c.sensitivity}: {code(c.condition)}" for c in field.class_when)]
    )


def _cell(cell: Cell | None) -> str:
    none, authorized = (cell.none, cell.authorized) if cell else (Kind.SUP, Kind.SUP)
    return none.value if none is authorized else f"{none.value} / {authorized.value}"
