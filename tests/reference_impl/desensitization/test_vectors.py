"""Each published vector: the exemplar gives exactly the published output."""

from pathlib import Path
from typing import Any

import pytest

from reference_impl.desensitization import Context, Desensitization
from reference_impl.standard import root
from reference_impl.standard.source import read

FOLDER = root() / "schemas" / "desensitization" / "vectors"
FILES = sorted(FOLDER.glob("*.yaml"))
VECTORS = [vector for path in FILES for vector in read(path)]


def expected(vector: dict[str, Any]) -> dict[str, Any]:
    output = vector["output"]
    if vector["form"] == "withheld":
        return {"form": "withheld"}
    if vector["form"] == "bucket":
        return {"form": "bucket", **output}
    return {"form": vector["form"], "value": output * vector.get("output_repeat", 1) if output else output}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: str(v["id"]))
def test_output_is_the_published_one(desensitization: Desensitization, vector: dict[str, Any]) -> None:
    value = vector["input"] * vector["repeat"] if "repeat" in vector else vector["input"]
    context = Context(
        bytes.fromhex(vector.get("key", "")), vector.get("recipient", ""), tuple(vector.get("names", ()))
    )
    if "type" in vector:
        disclosed = desensitization.apply(vector["type"], vector["kind"], value, context)
    else:
        disclosed = desensitization.run(vector["id"].split(".")[0], vector["params"], value, context)
    assert disclosed == expected(vector)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_vectors_stand_in_the_file_of_their_operator(desensitization: Desensitization, path: Path) -> None:
    vectors = read(path)
    assert len(vectors) >= 8
    for vector in vectors:
        assert vector["id"].split(".")[0] == path.stem
        if "type" in vector:
            operator = desensitization.call(vector["type"], vector["kind"]).op
            assert operator == path.stem, vector["id"]


def test_every_operator_and_every_rule_has_a_vector(desensitization: Desensitization) -> None:
    assert {path.stem for path in FILES} == set(desensitization.forms)
    covered = {(v["type"], v["kind"]) for v in VECTORS if "type" in v}
    rules = {
        (rule.id, kind) for rule in desensitization.types.values() for kind in rule.calls if kind != "tok"
    }
    assert rules - covered <= {
        ("address", "gen"),
        ("coordinate", "gen"),
        ("uscc", "gen"),
        ("company_name", "gen"),
    }


def test_ids_are_unique() -> None:
    ids = [vector["id"] for vector in VECTORS]
    assert len(ids) == len(set(ids)) > 300


def test_files_obey_their_meta_schemas(schemas: Path) -> None:
    import jsonschema_rs

    pairs = [
        (name, schemas / "desensitization" / f"{name}.yaml")
        for name in ("operators", "types", "disclosure", "tables")
    ]
    pairs += [("vectors", path) for path in FILES]
    for name, path in pairs:
        meta = read(schemas / "meta" / f"desensitization-{name}.schema.yaml")
        jsonschema_rs.Draft202012Validator(meta).validate(read(path))
