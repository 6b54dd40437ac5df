"""Generated contents of every item: the reference validator and the fast one find the same faults."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model.shapes import Item
from conformance.synth import records
from tests.conformance.synth.record_judge import TODAY, obeys, rng, world
from tests.standard.schemas.files import by_reference, by_rust

ITEMS = [pytest.param(item, id=item.code) for item in world().checklist.items]
FROM_REAL_DATA = (
    "2017-7-7",
    "9999-9-9",
    "\\N",
    "\\n",
    "１２３",
    "",
    " ",
    "null",
    "2099-12-31",
    "1,000.00",
    "12万",
)
"""What stands in real tables where a value should."""
ODD = st.one_of(
    st.sampled_from(FROM_REAL_DATA),
    st.text(max_size=30),
    st.integers(),
    st.booleans(),
    st.none(),
    st.just({}),
    st.just([]),
)


def agree(item: Item, content: Mapping[str, Any]) -> bool:
    """Whether the content is valid, once both validators say so of the same places."""
    reference, fast = by_reference(item.schema, content), by_rust(item.schema, content)
    assert {place for place, _ in reference} == {place for place, _ in fast}
    return not reference


@pytest.mark.parametrize("item", ITEMS)
def test_both_validators_agree_on_synthetic_contents(item: Item) -> None:
    for variant in records.variants(world(), item, rng("both", item.code), None, TODAY, obeys=obeys):
        assert agree(item, variant.content), variant.name
    for wrong in records.invalid(world(), item, rng("both", item.code), None, TODAY, obeys=obeys):
        assert agree(item, wrong.content) is (wrong.rule is not None), wrong


@pytest.mark.parametrize("item", ITEMS)
@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_validators_agree_on_odd_values(item: Item, data: st.DataObject) -> None:
    content = records.valid(world(), item, rng("odd", item.code), None, TODAY, obeys=obeys, optional=True)
    names = data.draw(st.lists(st.sampled_from(sorted(content)), min_size=1, max_size=3, unique=True))
    agree(item, content | {name: data.draw(ODD) for name in names})
