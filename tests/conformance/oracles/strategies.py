"""Values as hostile as collected data can be, around the patterns of each desensitization type."""

from typing import Any

from hypothesis import strategies as st

from conformance.model.shapes import Desensitization, TypeRules

NOISE = st.sampled_from(
    (
        *" -*+(xXa8\t\n\x00\x1f",
        *"\u3000\u2013\uff0d\u200b\u202e\u0301\ufe0f\u00b7\u2022\uff65\uff08\uff38\uff18",
        "\U0001f600",
        "\U00020bb7",
        "\ud83d",
    )
)
FULL_WIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["", " ", "\u3000\t", "***", "\ud800", "1e9", "NaN", "-0", "0.1", "\u0661\u0662\u0663"]),
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-(10**19), 10**19, allow_nan=False, places=3).map(lambda d: format(d, "f")),
    st.sampled_from(["0", "-0", "-0.0", "00", "1.", ".5", "+1", "1,000", "-0.05", "0.05", "99.95", "-99.95"]),
)
DATES = st.from_regex(r"(19|20|00)[0-9]{2}-?[01][0-9](-?[0-3][0-9])?", fullmatch=True)


@st.composite
def disturbed(draw: st.DrawFn, base: st.SearchStrategy[str]) -> str:
    """A value with something put in, in other characters or in another case."""
    text = draw(base)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(NOISE) + text[at:]
    change = draw(st.sampled_from(["", "", "wide", "lower"]))
    if change == "wide":
        return text.translate(FULL_WIDTH)
    return text.lower() if change == "lower" else text


def addresses(rules: Desensitization) -> st.SearchStrategy[str]:
    """Names of divisions in a row, in and out of order."""
    names = [division["name"] for division in rules.tables["division"].values()]
    return st.lists(st.sampled_from(names), min_size=1, max_size=4).map("".join)


def real_addresses(rules: Desensitization) -> st.SearchStrategy[str]:
    """The names of a division and of everything above it."""
    divisions = rules.tables["division"]

    def whole(code: str) -> str:
        parent = divisions[code].get("parent")
        return (whole(parent) if parent else "") + str(divisions[code]["name"])

    return st.tuples(st.sampled_from(sorted(divisions)), st.sampled_from(["", "测试路1号", "测"])).map(
        lambda pair: whole(pair[0]) + pair[1]
    )


def values(rules: Desensitization, type_rules: TypeRules) -> st.SearchStrategy[Any]:
    """Valid values of a type, the same disturbed, and everything else."""
    valid = [st.from_regex(pattern, fullmatch=True) for pattern in type_rules.valid]
    arbitrary: list[st.SearchStrategy[Any]] = [ANY_TEXT, JUNK, NUMBERS, DATES]
    if type_rules.id == "address":
        arbitrary += [addresses(rules), real_addresses(rules), disturbed(real_addresses(rules))]
    return st.one_of(*valid, *map(disturbed, valid), *arbitrary)


def prose(rules: Desensitization) -> st.SearchStrategy[str]:
    """Sentences with identifiers in them, spelled in many ways."""
    kinds = ("resident_id", "phone", "bank_card", "mobile")
    parts = [st.from_regex(p, fullmatch=True) for kind in kinds for p in rules.types[kind].valid]
    glue = st.one_of(
        NOISE, st.sampled_from(["手机", "，", "测甲一", "Test Person", "第", "号", "2023-06-30", ""])
    )
    grouped = st.tuples(st.one_of(*parts), st.sampled_from([" ", "-", "\u200b", "  ", "(", ""])).map(
        lambda pair: pair[1].join(pair[0][n : n + 4] for n in range(0, len(pair[0]), 4))
    )
    return st.lists(st.one_of(glue, *parts, grouped, *map(disturbed, parts)), max_size=8).map("".join)
