"""The prose of each part: blocks that name a requirement are filled with its sentence, never retyped."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conformance.authoring.markdown import both, code
from conformance.loader import FileErrors, Problem
from conformance.model.standard import Requirement, Standard
from conformance.model.text import Message

_OPEN, _CLOSE = r"<!-- requirement (?P<id>[A-Z]{3}-[0-9]{3}) -->", r"<!-- /requirement -->"
_BLOCK = re.compile(rf"^{_OPEN}\n(?:(?!<!-- /?requirement).*\n)*?{_CLOSE}$", re.MULTILINE)
_MARK = re.compile(r"<!-- /?requirement\b")


def woven(root: Path, standard: Standard) -> dict[str, str]:
    """The prose files with fresh blocks. FileErrors where a requirement is missing, repeated or misplaced."""
    parts = sorted({r.part for r in standard.requirements.values()})
    files = {part: root / "standard" / f"{part}.md" for part in parts}
    texts = {part: path.read_text("utf-8") for part, path in files.items() if path.is_file()}
    problems = [_problem(part, "", "no_prose") for part in parts if part not in texts]
    for part, text in texts.items():
        problems.extend(_misplaced(part, text, standard))
    if problems:
        raise FileErrors(tuple(problems))
    return {f"standard/{part}.md": fill(text, standard) for part, text in texts.items()}


def fill(text: str, standard: Standard) -> str:
    """The text with each block replaced by the present sentence."""
    return _BLOCK.sub(lambda found: block(standard.requirements[found["id"]]), text)


def block(requirement: Requirement) -> str:
    """A requirement as it stands in the prose."""
    head = f"**{requirement.id}** · {requirement.level.value.upper()} · {_scope(requirement)}"
    quoted = [head, "", requirement.sentence.zh, "", requirement.sentence.en]
    for parameter in requirement.parameters.values():
        value = f"`{parameter.name}` = {parameter.value} {parameter.unit}"
        quoted += ["", f"{value}。{parameter.rationale.zh}", "", parameter.rationale.en]
    if requirement.note:
        quoted += ["", *both(requirement.note).replace("\n", "\n\n").split("\n")]
    lines = "\n".join(f"> {line}".rstrip() for line in quoted)
    return f"<!-- requirement {requirement.id} -->\n{lines}\n<!-- /requirement -->"


def _scope(requirement: Requirement) -> str:
    capability = f" + {code(requirement.capability)}" if requirement.capability else ""
    condition = f" · {code(requirement.applies_when)}" if requirement.applies_when else ""
    return f"{code(*requirement.profiles)}{capability}{condition} · {', '.join(requirement.clauses)}"


def _misplaced(part: str, text: str, standard: Standard) -> Iterator[Problem]:
    blocks = Counter(match["id"] for match in _BLOCK.finditer(text))
    part_ids = {r.id for r in standard.requirements.values() if r.part == part}
    if 2 * blocks.total() != len(_MARK.findall(text)):
        yield _problem(part, "", "broken_block")
    for name in sorted(part_ids - blocks.keys()):
        yield _problem(part, name, "not_in_prose")
    for name in sorted(blocks.keys() - part_ids):
        yield _problem(part, name, "foreign_block")
    for name in sorted(name for name, count in blocks.items() if count > 1):
        yield _problem(part, name, "repeated_block")


def _problem(part: str, requirement: str, key: str) -> Problem:
    return Problem(f"standard/{part}.md", "", requirement, Message(f"authoring.{key}"))
