"""Identities: check characters are right by the judge's own formats, ranges are reserved ones."""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from conformance.loader import root
from conformance.oracles.formats import is_org_code, is_resident_id, is_uscc
from conformance.synth import identities
from tests.conformance.synth.record_judge import rng, world

RESERVED = world().reserved
VECTORS = root() / "schemas" / "desensitization" / "vectors"
Make = Callable[[Random, Mapping[str, Any]], str]
SHAPES: tuple[tuple[Make, str], ...] = (
    (identities.uscc, r"9199[0-9]{4}XT[0-9A-Z]{8}"),
    (identities.resident_id, r"990101(19|20)[0-9]{9}[0-9X]"),
    (identities.org_code, r"XT[0-9A-Z]{6}[0-9X]"),
    (identities.family_farm_code, r"9901[0-9]{12}"),
    (identities.mobile, r"154[0-9]{8}"),
    (identities.landline, r"0400-555[0-9]{5}"),
    (identities.bank_card, r"9999[0-9]{15}"),
    (identities.plate, r"测A[0-9]{5}"),
    (identities.passport, r"XT[0-9]{7}"),
    (identities.email, r"test[0-9]{8}@example\.invalid"),
    (identities.person_name, r"(测|试|拟|欧阳|司马)[甲乙丙丁戊己庚辛壬癸][一二三]"),
    (identities.organization_name, r"测试市..[0-9]{6}..有限公司"),
)


@pytest.mark.parametrize(("make", "shape"), SHAPES, ids=[make.__name__ for make, _ in SHAPES])
def test_identities_lie_in_reserved_ranges_only(make: Make, shape: str) -> None:
    random = rng(make.__name__)
    made = [make(random, RESERVED) for _ in range(200)]
    assert [one for one in made if not re.fullmatch(shape, one)] == []
    assert len(set(made)) > 50


def test_check_characters_are_right() -> None:
    random = rng("check")
    for _ in range(300):
        code = identities.uscc(random, RESERVED, "village_collective")
        assert is_uscc(code)
        assert is_org_code(code[8:17])
        assert is_resident_id(identities.resident_id(random, RESERVED))


def test_published_check_characters() -> None:
    assert identities.resident_check("11010519491231002") == "X"
    assert identities.uscc_check("91350100M000100Y4") == "3"


def test_bank_cards_pass_luhn() -> None:
    digits = [int(c) for c in reversed(identities.bank_card(rng("card"), RESERVED))]
    assert sum(d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)) % 10 == 0


@pytest.mark.parametrize("kind", sorted(world().codes["subject_type"].codes))
def test_each_subject_type_has_an_identity_of_its_kind(kind: str) -> None:
    subject = identities.subject(rng(kind), RESERVED, kind)
    (identifier,) = subject["ids"]
    assert subject["type"] == kind
    assert identifier["scheme"] in world().codes["subject_scheme"].codes
    assert (identifier["scheme"] == "resident_id") == (kind in ("natural_person", "farmer_household"))


def test_equal_seeds_give_equal_identities() -> None:
    one, other = (identities.subject(rng("same"), RESERVED) for _ in range(2))
    assert one == other


def test_no_name_of_a_subject_is_a_published_example() -> None:
    """What the preview is asked stands in the open, and a subject's name would be looked for."""
    made = {s + g for s in RESERVED["surnames"] for g in RESERVED["given_names"]}
    published = "\n".join(p.read_text("utf-8") for p in VECTORS.glob("*.yaml"))
    assert sorted(name for name in made if name in published) == []
