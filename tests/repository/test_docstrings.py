"""Guards over docstrings: public names have one, and it names the thing instead of paraphrasing it."""

import ast

from tests.repository.docstrings import census, docstrings, undocumented
from tests.repository.tracked import tracked

DOCUMENTED = ("conformance/model", "conformance/oracles", "conformance/runner", "conformance/data")
"""Rooms whose public functions, methods and classes have docstrings."""
MISSING = {
    "conformance/data/cluster": 6,
    "conformance/data/scan": 10,
}
"""Public names of these rooms that have none yet; entries only ever become smaller or go."""
SENTENCES = frozenset({"reference_impl/mutants"})
"""Rooms of functions whose docstring is a sentence that says how a platform is wrong."""
CEILING = 0.02
"""Share of docstrings in a room that may begin with a relative clause."""
HIGHER = {
    "conformance/cli": 0.027,
    "conformance/data/cluster": 0.036,
    "conformance/data/mask": 0.07,
    "conformance/data/scan": 0.032,
    "conformance/doctor": 0.163,
    "conformance/gap": 0.239,
    "conformance/preload": 0.125,
    "conformance/workspace": 0.065,
}
"""Rooms that are not there yet, with their share at most; entries only ever become smaller or go."""
SAMPLE = """
class Named:
    \'\'\'What is named.\'\'\'

    def method(self): ...

    def _private(self): ...

    @overload
    def call(self): ...


def function():
    \'\'\'Whether it works.\'\'\'
"""


def test_public_names_have_docstrings() -> None:
    counted = census(tracked(*(f"{room}/*.py" for room in DOCUMENTED)))
    assert sum(counted.total.values()) > 1000
    above = {r: names for r, names in counted.missing.items() if len(names) > MISSING.get(r, 0)}
    assert above == {}


def test_docstrings_name_the_thing() -> None:
    counted = census(tracked("conformance/*.py", "reference_impl/*.py"))
    assert len(counted.total) > 30
    rooms = counted.total.keys() - SENTENCES
    above = [r for r in rooms if counted.relative_share(r) > HIGHER.get(r, CEILING)]
    assert above == [], [text for room in above for text in counted.relative[room]]


def test_a_docstring_that_is_missing_or_paraphrases_would_be_seen() -> None:
    tree = ast.parse(SAMPLE)
    assert [name for name, _ in undocumented(tree)] == ["Named.method"]
    assert [text for _, text in docstrings(tree)] == ["What is named.", "Whether it works."]
