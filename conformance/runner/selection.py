"""What of a plan was asked for, and the refusal of ids that do not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases asked for; without any restriction, all."""

    ids: tuple[str, ...] = ()
    """Requirements (`AUT-003`), checks (`AUT-003/name`) or cases (`COL-001/name[F01-01]`)."""
    parts: tuple[str, ...] = ()
    """Stems (`authorization`) or prefixes (`AUT`)."""
    only: frozenset[str] | None = None
    """Case ids, e.g. those that failed before."""
    most: int | None = None
    """Cases of each check at most, from everywhere among those it is expanded for."""
    in_full: frozenset[str] = frozenset()
    """Requirements of which nothing is left out for that."""

    @property
    def complete(self) -> bool:
        return not (self.ids or self.parts or self.most is not None or self.only is not None)

    def asks_for(self, case: Case, part: str) -> bool:
        names = {case.requirement, f"{case.requirement}/{case.check}", case.id}
        parts = {part, case.requirement.split("-", maxsplit=1)[0]}
        return (
            (not self.ids or not names.isdisjoint(self.ids))
            and (not self.parts or not parts.isdisjoint(self.parts))
            and (self.only is None or case.id in self.only)
        )


class SelectionError(Exception):
    """Ids or parts that name nothing in this plan, each with the reason and what may have been meant."""

    def __init__(self, messages: tuple[Message, ...]) -> None:
        super().__init__(", ".join(f"{m.key}({m.args['id']})" for m in messages))
        self.messages = messages


def refuse_unknown(selection: Selection, standard: Standard, cases: Iterable[Case]) -> None:
    """Raise SelectionError unless every id and part names something of the plan."""
    planned = tuple(cases)
    names = {
        name for case in planned for name in (case.requirement, f"{case.requirement}/{case.check}", case.id)
    }
    parts = {r.part for r in standard.requirements.values()} | {
        id_.split("-")[0] for id_ in standard.requirements
    }
    messages = [_unknown(id_, names, standard) for id_ in selection.ids if id_ not in names]
    messages += [_unknown(part, parts, standard) for part in selection.parts if part not in parts]
    if messages:
        raise SelectionError(tuple(messages))


def _unknown(id_: str, names: Iterable[str], standard: Standard) -> Message:
    if id_ in standard.requirements:
        return Message("runner.not_in_profile", {"id": id_, "profiles": standard.requirements[id_].profiles})
    suggestions = get_close_matches(id_, sorted(names), n=3, cutoff=0.5)
    key = "runner.unknown_id_suggestions" if suggestions else "runner.unknown_id"
    return Message(key, {"id": id_, "suggestions": tuple(suggestions)})
