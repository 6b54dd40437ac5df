"""`target.toml` is read strictly, with every mistake at once and the nearest known key."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance.loader import Problem, TargetErrors, load_target
from conformance.loader.files import Document
from conformance.loader.settings_errors import read_settings
from conformance.loader.target_document import TargetDocument, dependency_problems
from conformance.messages import load_messages
from conformance.model.text import Lang

ROOT = Path(__file__).parents[3]
SCHEMA = Draft202012Validator(yaml.safe_load((ROOT / "schemas/meta/target.schema.yaml").read_text("utf-8")))
SECRET = "-----BEGIN PRIVATE KEY----- MIGHAgEAMBMGByqGSM49"  # nobody's
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
    (problem,) = problems(tmp_path, GOOD.replace("timeout_seconds", "timeout_secs"))

    assert problem.path == "/limits/timeout_secs"
    assert "timeout_seconds" in load_messages().render(problem.message, Lang.EN)
    assert "timeout_seconds" in load_messages().render(problem.message, Lang.ZH)


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
    reported = problems(tmp_path, text)

    assert {p.path for p in reported} >= {"/target/profile", "/target/division", "/secret", ""}


@pytest.mark.parametrize("text", ["", "x", "[target", "target = 1", "\x00"])
def test_nonsense_is_reported(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "[target]\nbase_url = \n")

    assert found.line == 2


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(TargetErrors):
        load_target(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"http://127.0.0.1:8000/"', f'"https://hub:{SECRET}@platform.example"'),
        ('"municipal"', f'"{SECRET}"'),
        ('key = "hub"', f'key = "{SECRET}"'),
        ('keys = ["institution-1", "institution-2"]', f'keys = "{SECRET}"'),
        ("timeout_seconds = 3", f'timeout_seconds = "{SECRET}"'),
        ('store = "keys"', f'store = "keys"\nhub = "{SECRET}"'),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path, before: str, after: str) -> None:
    with pytest.raises(TargetErrors) as raised:
        load_target(written(tmp_path, GOOD.replace(before, after, 1)))
    texts = [str(raised.value), *(load_messages().render(raised.value.message, lang) for lang in Lang)]
    assert not any(SECRET in text for text in texts)
    assert all(problem.line for problem in raised.value.problems)


def test_members_that_depend_on_each_other_are_named_with_all_else(tmp_path: Path) -> None:
    text = GOOD.replace('division = "990100"', 'data_set = "set"\ndivision = "1"')
    mistakes = problems(tmp_path, text.replace("[clients.provider]", "[clients.source]"))
    assert {(p.path, p.message.key) for p in mistakes} == {
        ("/target/division", "loader.pattern"),
        ("/target/data_set", "loader.data_set_not_loaded"),
        ("/clients", "loader.missing"),
    }
    mistakes = problems(tmp_path, GOOD.replace('environment = "test"', 'provisioning = "preloaded"'))
    assert [(p.path, p.message.args) for p in mistakes] == [("/target", {"name": "data_set"})]


PARTIES = ("tls", "clients.hub", "clients.provider", "clients.A", "provider.listen", "secrets.store")
PLATFORM = ("base_url", "profile", "capabilities", "provisioning", "data_set", "surprise")
LISTS_AND_LIMITS = ("clients.hub.key", "institutions.keys", "limits.timeout_seconds", "limits.max_body_bytes")
MEMBERS = st.sampled_from([*PARTIES, *(f"target.{name}" for name in PLATFORM), *LISTS_AND_LIMITS])
KEYS: list[Any] = [["a", "a"], ["a", "b"], [1], "keys", ""]
TABLES: list[Any] = [{}, {"client_id": "a", "key": "b"}, {"listen": "a:1", "public_url": "http://a"}]
VALUES = st.sampled_from(
    [None, True, 0, 1024, 2.5, 601, "preloaded", "baseline", "https://a.example/x", "a:80", *KEYS, *TABLES]
)


@given(st.lists(st.tuples(MEMBERS, VALUES), max_size=3))
def test_the_published_schema_and_the_reader_agree(changes: list[tuple[str, Any]]) -> None:
    content: dict[str, Any] = tomllib.loads(GOOD)
    for dotted, value in changes:
        *tables, member = dotted.split(".")
        table = content
        for name in tables:
            inner = table.setdefault(name, {})
            table = inner if isinstance(inner, dict) else {}
        table[member] = deepcopy(value)
    document = Document(content, {})
    _, mistakes = read_settings("target.toml", document, TargetDocument)
    mistakes = (*mistakes, *dependency_problems("target.toml", document))
    assert (mistakes == ()) == SCHEMA.is_valid(content)
