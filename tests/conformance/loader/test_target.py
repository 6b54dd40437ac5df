"""`target.toml` is read strictly, with every mistake at once and the nearest known key."""

from pathlib import Path

import pytest

from conformance.loader import Problem, TargetErrors, load_target
from conformance.messages import load_messages
from conformance.model.text import Lang

GOOD = """
[target]
base_url = "http://127.0.0.1:8000/"
profile = "municipal"
environment = "test"
division = "990100"
capabilities = ["desensitization-preview"]

[clients.hub]
client_id = "hub"
key = "hub"
[clients.upstream]
client_id = "up"
key = "upstream"
[clients.provider]
client_id = "provider"
key = "provider"

[institutions]
keys = ["institution-1", "institution-2"]

[subjects]
issuer = "https://issuer.fcsp.test"

[secrets]
store = "keys"

[limits]
timeout_seconds = 3
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "target.toml"
    path.write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(TargetErrors) as raised:
        load_target(written(folder, text))
    return raised.value.problems


def test_a_good_file(tmp_path: Path) -> None:
    target = load_target(written(tmp_path, GOOD))

    assert target.base_url == "http://127.0.0.1:8000"
    assert target.clients["upstream"].client_id == "up"
    assert target.clients["upstream"].role == "upstream"
    assert target.institution_keys == ("institution-1", "institution-2")
    assert target.key_store == tmp_path.resolve() / "keys"
    assert target.ca_file is None
    assert target.timeout == 3.0
    assert target.capabilities == ("desensitization-preview",)


def test_files_are_relative_to_the_description(tmp_path: Path) -> None:
    target = load_target(written(tmp_path, GOOD + '[tls]\nca_file = "ca.pem"\n'))

    assert target.ca_file == tmp_path.resolve() / "ca.pem"


def test_an_unknown_key_suggests_the_nearest(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, GOOD.replace("timeout_seconds", "timeout_secs"))

    assert found.path == "/limits/timeout_secs"
    assert "timeout_seconds" in load_messages().render(found.message, Lang.EN)
    assert "timeout_seconds" in load_messages().render(found.message, Lang.ZH)


def test_a_mistake_has_the_line_of_its_member(tmp_path: Path) -> None:
    text = GOOD.replace('"municipal"', '"galactic"')
    (found,) = problems(tmp_path, text)
    assert found.line
    assert "galactic" in text.splitlines()[found.line - 1]


def test_a_variable_precedes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "target.toml").write_text(GOOD)
    monkeypatch.setenv("FCSP_BASE_URL", "https://staging.example")
    assert load_target(tmp_path / "target.toml").base_url == "https://staging.example"


def test_a_mistake_in_a_variable_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FCSP_BASE_URL", "nonsense")
    (found,) = problems(tmp_path, GOOD)
    assert (found.file, found.line) == ("FCSP_BASE_URL", None)


def test_all_mistakes_are_reported(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"municipal"', '"galactic"')
        .replace("[secrets]\n", "[secret]\n")
        .replace('"990100"', "990100")
    )
    found = problems(tmp_path, text)

    assert {p.path for p in found} >= {"/target/profile", "/target/division", "/secret", ""}


@pytest.mark.parametrize("text", ["", "x", "[target", "target = 1", "\x00"])
def test_nonsense_is_reported(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "[target]\nbase_url = \n")

    assert found.line == 2


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(TargetErrors):
        load_target(tmp_path / "none.toml")
