"""Identifiers of a subject: contradictions among them, and records that they can be about."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from reference_impl.policy.model import Document, Identifier

ORG_CODE_IN_USCC = slice(8, 17)
"""GB 32100: characters 9 to 17 of a unified social credit code are the organization code."""


def contradictions(ids: Sequence[Mapping[str, str]]) -> list[str]:
    """JSON pointers of identifiers that cannot belong to the same subject as an earlier one."""
    pairs = combinations([(one["scheme"], one["value"]) for one in ids], 2)
    numbered = combinations(range(len(ids)), 2)
    return sorted(
        {
            f"/subject/ids/{second}/value"
            for (_, second), pair in zip(numbered, pairs, strict=True)
            if not agree(*pair)
        }
    )


def agree(left: Identifier, right: Identifier) -> bool:
    """True if two identifiers can belong to one subject, as far as the numbers alone tell."""
    values = {left[0]: left[1], right[0]: right[1]}
    if left[0] == right[0]:
        return _plain(left[1]) == _plain(right[1])
    if values.keys() == {"uscc", "org_code"}:
        return values["uscc"][ORG_CODE_IN_USCC] == _plain(values["org_code"])
    return True


def about(record: Document, asked: Iterable[Identifier]) -> bool:
    """True if a record can be about a subject: none of its identifiers contradicts one of the subject's."""
    own = [(one["scheme"], one["value"]) for one in record["subject"]["ids"]]
    return all(agree(mine, theirs) for theirs in asked for mine in own)


def _plain(value: str) -> str:
    return value.replace("-", "")
