from random import Random
from typing import Any

import polars as pl
import pytest

from tests.conformance.data.mask.bytes.kernel_samples import (
    ODD,
    RULES,
    byte_kernel,
    changed,
    made_by,
    made_by_masks,
    near,
    wrong,
)

COMPOUND = tuple(RULES.tables["compound_surnames"])
HAN = tuple(map(chr, (*range(0x4E00, 0xA000, 7), 0x9FFF)))


def names(random: Random, count: int) -> list[str]:
    """Of all lengths, some with a surname of two characters, or with half of one."""
    begins = (*COMPOUND, *(name[0] for name in COMPOUND), *(name[1] for name in COMPOUND), *HAN)
    return [
        random.choice(begins) + "".join(random.choices(HAN, k=random.choice((0, 1, 1, 2, 2, 3, 9, 27, 28))))
        for _ in range(count)
    ]


@pytest.mark.parametrize("fill", [0, 1, 2, 50])
def test_names(fill: int) -> None:
    random = Random(fill)
    rules = changed("person_name", {"op": "cn_name", "max_fill": fill})
    person_names: list[str | None] = [*COMPOUND, *names(random, 3000), None]
    person_names += [other for text in person_names[:60] for other in near(str(text), random)]
    person_names += [odd + "小明" for odd in ODD] + ["小明" + odd for odd in ODD]
    random.shuffle(person_names)
    masks = made_by(rules, "person_name", person_names)
    assert not wrong(rules, "person_name", person_names, masks)
    plain = [n for n, text in enumerate(person_names) if text and {*text} <= {*HAN} and 2 <= len(text) <= 30]
    assert len(plain) > 2000
    assert all(masks[n] is not None for n in plain)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [None],
        [""],
        ["张"],
        ["John Smith"] * 20 + ["张三"],
        ["阿沛·阿旺晋美"] * 5,
        ["张" * 31],
        ["\u4dff山"],
    ],
)
def test_few_and_other_names(texts: list[Any]) -> None:
    masks = made_by_masks("person_name", pl.Series("it", texts, pl.String))
    assert masks.name == "it"
    assert masks.dtype == pl.String
    assert not wrong(RULES, "person_name", texts, masks.to_list())
    assert len(masks) == len(texts)


def test_a_type_may_ask_for_longer_names() -> None:
    rules = changed("person_name", {"op": "cn_name", "max_fill": 2}, valid=("[\u4e00-\u9fa5]{3,5}",))
    given = ["张三", "张三丰", "欧阳修", "张" * 5, "张" * 6, *["李世民"] * 20]
    assert made_by(rules, "person_name", given) == [None, "张**", "欧阳*", "张**", None, *["李**"] * 20]


def test_names_may_have_other_characters_as_well() -> None:
    rules = changed("person_name", {"op": "cn_name", "max_fill": 2}, valid=("[A-Z\u4e00-\u9fa5]{2,9}",))
    given = ["AB", "ABC", "ABCDEF", "张A", "A张", "AB张", "欧阳ABC", "ABCDEFGHI", *["李世民"] * 40]
    assert not wrong(rules, "person_name", given, made_by(rules, "person_name", given))


def test_without_common_patterns_nothing_is_done() -> None:
    rules = changed("person_name", {"op": "cn_name", "max_fill": 2}, valid=("(张|李)[明文]{1,3}",))
    assert byte_kernel(rules, "person_name") is None


def test_many_names_are_put_together_in_order() -> None:
    given = [f"{surname}{chr(0x4E00 + n % 20000)}" for n in range(70_000) for surname in ("王", "欧阳")]
    made = made_by(RULES, "person_name", given)
    assert made == ["王*", "欧阳*"] * 70_000
