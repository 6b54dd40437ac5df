"""`trust.json` is read strictly: every mistake at once, with its line, without a value of the file."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.loader import Problem, TrustErrors
from conformance.messages import load_messages
from conformance.model.text import Lang
from conformance.workspace.trust import read_trust

SECRET = "c2VjcmV0LXByaXZhdGUtbnVtYmVyLW9mLWEta2V5LTE"  # nobody's
KEY = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}


def good() -> dict[str, Any]:
    return {
        "clients": [
            {
                "client_id": "hub-1",
                "role": "hub",
                "name": {"zh": "枢纽", "en": "Hub"},
                "uscc": "11990100XTRX9PKA1C",
                "jwks": {"keys": [dict(KEY)]},
            }
        ],
        "assertion_issuers": [{"issuer": "https://issuer.fcsp.test", "jwks": {"keys": [dict(KEY)]}}],
    }


def write(folder: Path, text: str) -> Path:
    path = folder / "trust.json"
    path.write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(TrustErrors) as raised:
        read_trust(write(folder, text))
    assert raised.value.code == 2
    return raised.value.problems


def test_a_document_is_written_as_it_was_read(tmp_path: Path) -> None:
    assert json.loads(read_trust(write(tmp_path, json.dumps(good()))).to_json()) == good()


def test_all_mistakes_have_their_line(tmp_path: Path) -> None:
    content = good()
    client = content["clients"][0]
    client["rolle"] = client.pop("role")
    client["name"] = 7
    content["assertion_issuers"][0]["jwks"]["keys"] = []
    text = json.dumps(content, indent="\t", ensure_ascii=False)
    mistakes = {problem.path: problem for problem in problems(tmp_path, text)}
    assert set(mistakes) == {
        "/clients/0",
        "/clients/0/rolle",
        "/clients/0/name",
        "/assertion_issuers/0/jwks/keys",
    }
    assert {path: problem.message.key for path, problem in mistakes.items()} == {
        "/clients/0": "loader.missing",
        "/clients/0/rolle": "loader.unknown_near",
        "/clients/0/name": "loader.type",
        "/assertion_issuers/0/jwks/keys": "loader.limit",
    }
    assert mistakes["/clients/0/rolle"].message.args["near"] == "role"
    lines = text.splitlines()
    for path in set(mistakes) - {"/clients/0"}:
        line = mistakes[path].line
        assert line
        assert lines[line - 1].strip().startswith(f'"{path.rpartition("/")[2]}"')


@pytest.mark.parametrize("member", ["d", "x", "kty", "kid"])
def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path, member: str) -> None:
    content = good()
    content["clients"][0]["jwks"]["keys"][0][member] = [SECRET] if member == "kid" else f"{SECRET}0"
    with pytest.raises(TrustErrors) as raised:
        read_trust(write(tmp_path, json.dumps(content)))
    texts = [str(raised.value), *(load_messages().render(raised.value.message, lang) for lang in Lang)]
    assert all(f"/clients/0/jwks/keys/0/{member}" in text for text in texts)
    assert not any(SECRET in text for text in texts)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"clients": 1}', "[" * 100_000, '"\\ud800"'])
def test_nonsense_is_reported(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, '{\n"clients": ,\n}')
    assert problem.line == 2


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(TrustErrors):
        read_trust(tmp_path / "none.json")
