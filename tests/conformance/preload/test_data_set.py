"""The data set that a platform loads: equal for equal seeds, and read only as it was written."""

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest

from conformance.checks import collect
from conformance.loader import TargetErrors, load_standard, root
from conformance.loader.data_set import load_data_set
from conformance.messages import load_messages
from conformance.model.standard import Standard
from conformance.model.target import Client, Target, digest_of
from conformance.oracles.validate import record_validator
from conformance.preload import export
from conformance.synth import identities

DAY = date(2026, 6, 1)
CHECKS = tuple(
    check for check in collect() if check.requirement in {"AUT-002", "AUT-009", "QRY-004", "COL-005"}
)
PROVIDER = identities.uscc(Random("provider"), load_standard().reserved, "authority")


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


def write_set(folder: Path, standard: Standard, set_id: str = "set1") -> Path:
    clients = {name: Client(f"fcsp-{name}", name, name, PROVIDER) for name in ("hub", "upstream", "provider")}
    jwk = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    target = Target(
        "http://127.0.0.1:1",
        "provincial",
        clients=clients,
        institution_keys=("one", "two"),
        issuer="https://issuer.test",
        public_keys={"one": jwk, "two": jwk},
    )
    export(folder, standard, target, CHECKS, (), seed=0, set_id=set_id, day=DAY, readme="read me")
    return folder


@pytest.fixture(scope="module")
def set_folder(tmp_path_factory: pytest.TempPathFactory, standard: Standard) -> Path:
    return write_set(tmp_path_factory.mktemp("set"), standard)


@pytest.fixture
def copy(tmp_path: Path, standard: Standard) -> Path:
    return write_set(tmp_path / "copy", standard)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_equal_seeds_give_equal_sets(
    set_folder: Path, copy: Path, tmp_path: Path, standard: Standard
) -> None:
    assert content(set_folder) == content(copy)
    assert content(set_folder) != content(write_set(tmp_path / "other", standard, "set2"))


def test_every_record_is_valid_and_listed(set_folder: Path, standard: Standard) -> None:
    manifest = json.loads((set_folder / "manifest.json").read_text("utf-8"))
    faults = record_validator(standard.checklist)
    data_set = load_data_set(set_folder, root())
    lines = [
        json.loads(line) for file in set_folder.rglob("*.ndjson") for line in file.read_bytes().splitlines()
    ]
    assert len(lines) == manifest["records"] >= 3
    assert [faults(line) for line in lines] == [()] * len(lines)
    assert {digest_of(line) for line in lines} == data_set.records
    assert {line["provider_uscc"] for line in lines} == {PROVIDER} == {data_set.provider_uscc}
    assert (data_set.id, data_set.seed, data_set.day) == ("set1", 0, DAY)


def test_checks_of_deliveries_add_nothing(set_folder: Path, standard: Standard) -> None:
    cases = {check.requirement for check in CHECKS}
    assert "COL-005" in cases
    items = {
        entry["item_code"] for entry in json.loads((set_folder / "manifest.json").read_text("utf-8"))["files"]
    }
    assert items
    assert all(standard.checklist.item(code).collection_mode == "physical" for code in items)


def spoil(folder: Path, defect: str) -> None:
    manifest, file = folder / "manifest.json", next(folder.rglob("*.ndjson"))
    match defect:
        case "no_set":
            manifest.unlink()
        case "bad_manifest":
            manifest.write_text("{", "utf-8")
        case "set_file_missing":
            file.unlink()
        case "set_file_altered":
            file.write_bytes(file.read_bytes().replace(b"0", b"1", 1))
        case "empty_set":
            document = json.loads(manifest.read_text("utf-8"))
            manifest.write_text(json.dumps({**document, "files": []}), "utf-8")


@pytest.mark.parametrize(
    "defect", ["no_set", "bad_manifest", "set_file_missing", "set_file_altered", "empty_set"]
)
def test_a_set_that_is_not_as_written_is_refused(copy: Path, defect: str) -> None:
    spoil(copy, defect)
    with pytest.raises(TargetErrors) as caught:
        load_data_set(copy, root())
    keys = [problem.message.key for problem in caught.value.problems]
    assert keys == [f"loader.{defect}"]
    assert keys[0] in load_messages()


def test_a_manifest_of_another_form_is_refused(copy: Path) -> None:
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("fcsp-data-set/1", "fcsp-data-set/9"), "utf-8")
    with pytest.raises(TargetErrors):
        load_data_set(copy, root())
