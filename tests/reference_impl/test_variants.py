"""Variants: each answers otherwise than the reference platform, and none of them breaks down."""

from pathlib import Path

import pytest

from reference_impl.platform import Composition
from reference_impl.variants import VARIANTS, Variant
from tests.reference_impl.scenario import Day, open_composition


def steps(composition: Composition, database: Path, variant: Variant | None) -> list[tuple[str, str]]:
    day = Day(composition, database, variant.make if variant else lambda parts: parts)
    day.run()
    return day.steps


@pytest.fixture(scope="module")
def composition(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    return open_composition(tmp_path_factory.mktemp("composition"))


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_is_usable_and_another(variant: Variant, composition: Composition, tmp_path: Path) -> None:
    found = steps(composition, tmp_path / "variant.db", variant)
    assert "internal_error" not in str(found)
    assert found != steps(composition, tmp_path / "reference.db", None)


def test_the_pages_of_the_terse_one_hold_one_element(composition: Composition) -> None:
    assert VARIANTS["terse"].settings(composition.settings).limits.page_size == 1
