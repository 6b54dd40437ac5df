"""The judge and the exemplar validate and disclose the records of every item alike."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest

from conformance.loader import load_standard, root
from conformance.model.shapes import Item
from conformance.oracles.disclosure import judge_view, view
from conformance.oracles.validate import item_validator, obeys_rules, record_validator
from conformance.synth import identities, records
from reference_impl.policy.disclosure import Disclosure
from reference_impl.standard import load

STANDARD = load_standard()
EXEMPLAR = load(root())
TODAY = date(2026, 6, 1)
ITEMS = STANDARD.checklist.items
AUDIENCES = sorted(STANDARD.codes["audience"].codes)
DISCLOSURE = Disclosure(EXEMPLAR, bytes(range(32)))


def subjects(item: Item) -> Iterator[dict[str, Any]]:
    for kind in item.subject_types:
        yield identities.subject(Random(7), STANDARD.reserved, kind)


def contents(item: Item) -> Iterator[tuple[str, dict[str, Any], Mapping[str, Any]]]:
    """Name, subject and content of valid records."""
    for subject in subjects(item):
        variants = partial(records.variants, STANDARD, item, Random(11), subject, TODAY, obeys=obeys_rules)
        for variant in variants():
            yield f"{subject['type']}.{variant.name}", subject, variant.content


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_valid_contents_are_valid_to_both(item: Item) -> None:
    ours, theirs = item_validator(item), EXEMPLAR.items[item.code].validate
    variants = list(contents(item))

    assert variants
    for name, _, content in variants:
        assert ours(dict(content)) == (), name
        assert theirs(dict(content)) == (), name


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_invalid_contents_are_invalid_to_both(item: Item) -> None:
    ours, theirs = item_validator(item), EXEMPLAR.items[item.code].validate
    subject = next(subjects(item))
    wrong = records.invalid(STANDARD, item, Random(13), subject, TODAY, obeys=obeys_rules)

    assert wrong
    for invalid in wrong:
        violations = ours(dict(invalid.content))
        assert violations, invalid
        assert theirs(dict(invalid.content)), invalid
        if invalid.rule:
            assert (
                {i.rule for i in violations}
                == {invalid.rule}
                == {r.rule for r in theirs(dict(invalid.content))}
            )


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_records_are_judged_alike(item: Item) -> None:
    ours, subject = record_validator(STANDARD.checklist), next(subjects(item))
    content = records.variants(STANDARD, item, Random(17), subject, TODAY, obeys=obeys_rules)[0].content
    record = records.envelope(STANDARD, item, Random(17), subject, TODAY, content)
    kinds = tuple(STANDARD.codes["subject_type"].codes)

    assert ours(record) == ()
    assert EXEMPLAR.validate_record(record) == ()
    for invalid in records.invalid_envelopes(record, item, kinds):
        assert ours(invalid.content), invalid.kind
        assert EXEMPLAR.validate_record(invalid.content), invalid.kind


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_records_are_disclosed_alike(item: Item, audience: str) -> None:
    for name, subject, content in contents(item):
        identifiers = {f.person.identified_by for f in item.fields if f.person}
        everybody = frozenset(str(content[n]) for n in identifiers if n and n in content)
        for authorized in (True, False):
            for persons in {everybody, frozenset[str]()}:
                ours = view(STANDARD, item, content, subject["type"], audience, authorized, persons)
                theirs = DISCLOSURE.view(
                    EXEMPLAR.items[item.code],
                    content,
                    subject["type"],
                    audience,
                    authorized=authorized,
                    own=audience == "subject",
                    persons=persons,
                    recipient="91990100XT0000014N",
                )
                assert judge_view(ours, theirs) == [], (name, authorized, persons)
