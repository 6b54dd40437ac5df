"""Identifiers by the column: valid by the oracles, no two alike, all of them reserved ones."""

import numpy as np
import pytest

from conformance.data.synth import identifiers
from conformance.data.synth.counter_random import Noise, shuffle
from conformance.data.synth.subjects import Subjects
from conformance.oracles.formats import CHECKERS
from tests.conformance.data.synth.deliveries import standard

NUMBERS = np.arange(3000, dtype=np.int64)


@pytest.mark.parametrize("name", sorted(identifiers.BY_FORMAT))
def test_numbers_have_valid_check_characters_and_differ(name: str) -> None:
    make, limit = identifiers.BY_FORMAT[name]
    reserved = standard().reserved
    numbers = np.concatenate((NUMBERS, limit(reserved) - 1 - NUMBERS))
    texts = make(numbers, reserved).to_list()
    assert all(CHECKERS[name](text) for text in texts)
    assert len(set(texts)) == len(numbers)


@pytest.mark.parametrize(
    ("make", "start"), [("uscc", "91990"), ("resident-id", "990101"), ("patent-no", "ZL1984")]
)
def test_identities_are_reserved_ones(make: str, start: str) -> None:
    texts = identifiers.BY_FORMAT[make][0](NUMBERS, standard().reserved)
    assert all(text.startswith(start) for text in texts)


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 4096])
def test_another_order_loses_nothing(size: int) -> None:
    assert sorted(shuffle(np.arange(size), size, salt=size // 3)) == list(range(size))


def test_a_subject_is_identified_as_its_type_is() -> None:
    types = ("enterprise", "farmer_household", "family_farm")
    columns = Subjects(Noise("s"), standard().reserved, types).columns(NUMBERS)
    for kind, scheme in (("enterprise", "uscc"), ("farmer_household", "resident_id")):
        of_type = columns["type"] == kind
        assert of_type.any()
        assert columns[scheme].filter(of_type).null_count() == 0
        assert columns[scheme].filter(~of_type).is_null().all()
        assert all(map(CHECKERS[scheme.replace("_", "-")], columns[scheme].filter(of_type)))


def test_beyond_the_last_person_subjects_are_of_other_types() -> None:
    subjects = Subjects(Noise("s"), standard().reserved, ("natural_person", "enterprise"))
    assert set(subjects.columns(NUMBERS + identifiers.RESIDENTS)["type"]) == {"enterprise"}
