"""The selection of cases from a plan, and the refusal of words that select nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from conformance.model.errors import UserError
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.text import Lines, Message

_SUGGESTIONS, _SIMILARITY = 3, 0.5


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of cases: the union of `ids` and `parts`, all cases where both are empty."""

    ids: tuple[str, ...] = ()
    """Requirements (`AUT-003`), checks (`AUT-003/name`) or cases (`COL-001/name[F01-01]`)."""
    parts: tuple[str, ...] = ()
    """Stems (`authorization`) or prefixes (`AUT`)."""
    only: frozenset[str] | None = None
    """Case ids to which the union is restricted, e.g. those that failed before; None for no restriction."""
    most: int | None = None
    """Cases of each check at most, spread evenly over those it is expanded for."""
    in_full: frozenset[str] = frozenset()
    """Requirements to which `most` does not apply."""

    @property
    def complete(self) -> bool:
        """True if no case is left out."""
        return not (self.words or self.most is not None or self.only is not None)

    @property
    def words(self) -> tuple[str, ...]:
        """Ids and parts."""
        return (*self.ids, *self.parts)

    def includes(self, case: Case, part: str) -> bool:
        """True if the case of a requirement of `part` belongs to the selection."""
        if self.only is not None and case.id not in self.only:
            return False
        chosen_by_id = not _names(case).isdisjoint(self.ids)
        chosen_by_part = not _part_names(case, part).isdisjoint(self.parts)
        return not self.words or chosen_by_id or chosen_by_part


class SelectionError(UserError):
    """Words of a selection that select nothing, each with the reason and the nearest known words."""

    def __init__(self, messages: tuple[Message, ...]) -> None:
        summary = ", ".join(f"{m.key}({m.args['id']})" for m in messages)
        super().__init__(Message("cli.unknown_ids", {"problems": Lines(messages)}), summary=summary)
        self.messages = messages


def require_matches(selection: Selection, standard: Standard, cases: Iterable[Case]) -> None:
    """Raises SelectionError unless each word selects one of the planned cases, and `only` leaves one."""
    planned = tuple(cases)
    ids = {name for case in planned for name in _names(case)}
    parts = {name for case in planned for name in _part_names(case, _part(case, standard))}
    messages = [
        _mismatch(word, (*ids, *parts), standard)
        for words, candidates in ((selection.ids, ids), (selection.parts, parts))
        for word in words
        if word not in candidates
    ]
    if not messages and selection.words and selection.only is not None:
        messages = _without_failure(selection, standard, planned)
    if messages:
        raise SelectionError(tuple(messages))


def _names(case: Case) -> frozenset[str]:
    return frozenset({case.requirement, f"{case.requirement}/{case.check}", case.id})


def _part_names(case: Case, part: str) -> frozenset[str]:
    return frozenset({part, case.requirement.partition("-")[0]})


def _part(case: Case, standard: Standard) -> str:
    return standard.requirements[case.requirement].part


def _mismatch(word: str, candidates: Sequence[str], standard: Standard) -> Message:
    if profiles := _other_profiles(word, standard):
        return Message("runner.not_in_profile", {"id": word, "profiles": profiles})
    by_spelling: Mapping[str, str] = {name.casefold(): name for name in sorted(candidates)}
    near = get_close_matches(word.casefold(), by_spelling, _SUGGESTIONS, _SIMILARITY)
    suggestions = tuple(by_spelling[spelling] for spelling in near)
    key = "runner.unknown_id_suggestions" if suggestions else "runner.unknown_id"
    return Message(key, {"id": word, "suggestions": suggestions})


def _other_profiles(word: str, standard: Standard) -> tuple[str, ...]:
    """Profiles with requirements of this id or part; empty for a word that the standard does not know."""
    every = standard.requirements.values()
    matching = (r for r in every if word in {r.id, r.part, r.id.partition("-")[0]})
    return tuple(dict.fromkeys(profile for r in matching for profile in r.profiles))


def _without_failure(selection: Selection, standard: Standard, planned: Sequence[Case]) -> list[Message]:
    """One message for each word unless some case is left of those that `only` names."""
    if any(selection.includes(case, _part(case, standard)) for case in planned):
        return []
    return [Message("runner.not_among_failed", {"id": word}) for word in selection.words]
