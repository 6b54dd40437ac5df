"""Every published vector of desensitization, answered by the judge's own implementation."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.loader import load_standard, read_yaml, root
from conformance.model.shapes import Desensitization, Form
from conformance.oracles.desensitization import apply, run

FOLDER = root() / "schemas" / "desensitization" / "vectors"


def vectors() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for vector in read_yaml(path):
            yield pytest.param(path.stem, vector, id=vector["id"])


@pytest.fixture(scope="module")
def rules() -> Desensitization:
    return load_standard().desensitization


@pytest.mark.parametrize(("operator", "vector"), list(vectors()))
def test_vector(rules: Desensitization, operator: str, vector: dict[str, Any]) -> None:
    value, output = vector["input"], vector["output"]
    if "repeat" in vector:
        value = value * vector["repeat"]
    if "output_repeat" in vector:
        output = output * vector["output_repeat"]
    options: dict[str, Any] = {
        "key": bytes.fromhex(vector.get("key", "")),
        "recipient": vector.get("recipient", ""),
        "names": vector.get("names", ()),
    }
    if "type" in vector:
        disclosed = apply(rules, vector["type"], vector["kind"], value, **options)
    else:
        disclosed = run(rules, operator, vector["params"], value, **options)
    expected = None if output == {"withheld": True} else output

    assert (disclosed.form, disclosed.value) == (Form(vector["form"]), expected)


def test_every_operator_has_vectors(rules: Desensitization) -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(rules.operators)
