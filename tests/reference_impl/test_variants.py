"""Variants: each answers otherwise than the reference platform, and none of them breaks down."""

from pathlib import Path

import pytest

from reference_impl.platform import Workshop
from reference_impl.variants import VARIANTS, Variant
from tests.reference_impl.scenario import Day, open_workshop


def steps(workshop: Workshop, database: Path, variant: Variant | None) -> list[tuple[str, str]]:
    day = Day(workshop, database, variant.make if variant else lambda parts: parts)
    day.run()
    return day.steps


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return open_workshop(tmp_path_factory.mktemp("workshop"))


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_is_usable_and_another(variant: Variant, workshop: Workshop, tmp_path: Path) -> None:
    found = steps(workshop, tmp_path / "variant.db", variant)
    assert "internal_error" not in str(found)
    assert found != steps(workshop, tmp_path / "reference.db", None)


def test_the_pages_of_the_terse_one_hold_one_element(workshop: Workshop) -> None:
    assert VARIANTS["terse"].settings(workshop.settings).limits.page_size == 1
