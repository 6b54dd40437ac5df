"""The commands: what each does with good input, and the one clear paragraph for each kind of bad input."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from conformance.cli.shared.program import command_paths
from conformance.cli.shared.run_folder import last_failed, write_reports
from conformance.loader import load_target
from conformance.model.text import Lang
from conformance.results import result_document
from conformance.runner.conclude import suite_version
from conformance.workspace import WorkspaceExists, aim, create
from conformance.workspace.options import WorkspaceOptions
from tests.conformance.cli.commands import (
    ENVIRONMENT,
    fcsp,
    process,
    published,
    refused,
)
from tests.conformance.results import sample

CHINESE = re.compile("[一-鿿]")
HEAVY = {
    "httpx",
    "httpcore",
    "jinja2",
    "joserfc",
    "jsonschema",
    "jsonschema_rs",
    "pytest",
    "rich",
    "pydantic",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "celpy",
    "openpyxl",
    "polars",
    "pyarrow",
}
"""What a help page does not need; it needs `yaml`, since its texts are messages."""


def loaded_by(words: Sequence[str], folder: Path) -> set[str]:
    """The modules that a command line loads."""
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: sys.stderr.write('\\n'.join(sys.modules)))\n"
        f"sys.argv = ['fcsp', *{list(words)!r}]\n"
        "from conformance.cli import main\nmain()"
    )
    completed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(completed.stderr.split())


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    modules = loaded_by(["--help"], tmp_path)
    assert "conformance.cli.shared.program" in modules
    assert modules & HEAVY == set()
    assert {name.split(".")[1] for name in modules if name.startswith("conformance.")} == {
        "cli",
        "messages",
        "model",
    }


def test_help_of_a_plan_loads_no_client(tmp_path: Path) -> None:
    """A plan sends nothing, so its help does not wait for what a session needs; typer needs pydantic."""
    loaded = loaded_by(["plan", "--help"], tmp_path)
    assert "conformance.runner.planning" in loaded
    assert loaded & (HEAVY - {"jsonschema_rs", "pydantic"} | {"anyio", "cryptography"}) == set()


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "doctor",
        "plan",
        "run",
        "rejudge",
        "list",
        "explain",
        "demo",
        "selftest",
        "standard lint",
        "standard weave",
    ],
)
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    completed = fcsp(*command.split(), "--help", folder=tmp_path)
    assert completed.returncode == 0
    assert "--lang" in completed.stdout


def test_init_makes_what_the_rest_reads(workspace: Path) -> None:
    described = load_target(workspace / "target.toml")
    assert described.base_url == "http://127.0.0.1:1"
    assert set(described.clients) == {"hub", "upstream", "provider", "other_provider"}
    key_names = {client.key for client in described.clients.values()} | set(described.institution_keys)
    assert {f"{name}.jwk.json" for name in key_names | {"issuer", "stranger"}} == {
        p.name for p in described.key_store.iterdir()
    }


def test_init_keeps_private_keys_private(workspace: Path) -> None:
    paths = list((workspace / "keys").iterdir())
    assert paths
    for path in paths:
        assert path.stat().st_mode & 0o777 == 0o600
        assert ECKey.import_key(json.loads(path.read_text())).is_private


def test_trust_holds_public_halves_and_no_stranger(workspace: Path) -> None:
    trust = json.loads((workspace / "trust.json").read_text("utf-8"))
    jwks = [party["jwks"] for party in (*trust["clients"], *trust["assertion_issuers"])]
    keys = [key for entry in jwks for key in entry["keys"]]
    assert len(keys) == 5
    assert not [key for key in keys if "d" in key]
    stranger = json.loads((workspace / "keys/stranger.jwk.json").read_text())
    assert stranger["x"] not in {key["x"] for key in keys}
    hub = json.loads((workspace / "keys/hub.jwk.json").read_text())
    assert {client["role"]: client["jwks"]["keys"][0]["x"] for client in trust["clients"]}["hub"] == hub["x"]


def test_init_never_overwrites(workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    refused(fcsp("init", folder=workspace), "target.toml", "--force")
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_force_makes_new_keys(tmp_path: Path) -> None:
    standard, options = published(), WorkspaceOptions("http://127.0.0.1:1")
    first = create(tmp_path, options, standard)
    key = (first.keys / "hub.jwk.json").read_bytes()
    with pytest.raises(WorkspaceExists):
        create(tmp_path, options, standard)
    create(tmp_path, options, standard, force=True)
    assert (first.keys / "hub.jwk.json").read_bytes() != key


@pytest.mark.parametrize("url", ['http://h/"x', "http://h/\\", "http://h/\n", "http://h/中\x7f"])
def test_any_address_is_quoted(url: str, tmp_path: Path) -> None:
    standard = published()
    made = create(tmp_path, WorkspaceOptions(url), standard)
    aim(made, url, WorkspaceOptions(url), standard)
    assert tomllib.loads(made.target.read_text("utf-8"))["target"]["base_url"] == url


def test_a_command_is_a_process(tmp_path: Path) -> None:
    """What the other tests run within their own process behaves the same in one of its own."""
    refused(process("run", folder=tmp_path), "target.toml", "fcsp init")
    refused(process("run", "--lang", "fr", folder=tmp_path), "fr")
    assert process("--help", folder=tmp_path).returncode == 0
    completed = process("list", "AUT", folder=tmp_path)
    assert (completed.returncode, completed.stdout) == (0, fcsp("list", "AUT", folder=tmp_path).stdout)


def test_unknown_profile(tmp_path: Path) -> None:
    refused(fcsp("init", "--profile", "galactic", folder=tmp_path), "galactic", "provincial")


@pytest.mark.parametrize("command", ["doctor", "plan", "run"])
def test_missing_target(command: str, tmp_path: Path) -> None:
    refused(fcsp(command, folder=tmp_path), "target.toml", "fcsp init")


@pytest.mark.parametrize("command", ["doctor", "plan", "run"])
@pytest.mark.parametrize("content", ["", "[target", "[target]\nbase_url = 3\n", "\x00"])
def test_broken_target(command: str, content: str, tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(content)
    refused(fcsp(command, folder=tmp_path), "target.toml")


def test_target_with_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_bytes(b"\xff\xfe")
    refused(fcsp("run", folder=tmp_path), "target.toml")


def test_missing_standard(workspace: Path, tmp_path: Path) -> None:
    refused(fcsp("list", "--standard", str(tmp_path), folder=workspace), str(tmp_path))


def test_messages_follow_the_language(tmp_path: Path) -> None:
    assert "找不到" in fcsp("run", "--lang", "zh", folder=tmp_path).stderr
    assert "找不到" in fcsp("run", folder=tmp_path, more={"FCSP_LANG": "zh"}).stderr
    assert "not found" in fcsp("run", "--lang=en", folder=tmp_path, more={"FCSP_LANG": "zh"}).stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as-of", "yesterday"], "yesterday"),
        (["--nonce", "../../x"], "../../x"),
        (["--only-failed"], "runs"),
        (["--jobs", "0"], "--jobs"),
        (["--lang", "fr"], "fr"),
    ],
)
def test_bad_options(words: list[str], told: str, workspace: Path) -> None:
    refused(fcsp("run", *words, folder=workspace), told)


def test_unknown_id_is_refused_with_a_hint(workspace: Path) -> None:
    refused(fcsp("plan", "AUT-999", folder=workspace), "AUT-999")


def test_production_is_refused(workspace: Path, tmp_path: Path) -> None:
    text = (
        (workspace / "target.toml")
        .read_text("utf-8")
        .replace('environment = "test"', 'environment = "production"')
    )
    text = text.replace('store = "keys"', f'store = "{workspace / "keys"}"')
    (tmp_path / "target.toml").write_text(text, "utf-8")
    refused(fcsp("run", folder=tmp_path), "--read-only", "production")


def test_run_stops_at_the_doctor(workspace: Path) -> None:
    completed = fcsp("run", folder=workspace)
    assert completed.returncode == 2
    assert "refuses connections" in completed.stdout
    assert not (workspace / "runs").exists()


def test_doctor_speaks_for_itself(workspace: Path) -> None:
    completed = fcsp("doctor", folder=workspace)
    assert completed.returncode == 2
    assert "tcp" in completed.stdout
    assert "→" in completed.stdout


def test_explain_tells_all_there_is(tmp_path: Path) -> None:
    completed = fcsp("explain", "aut-003", folder=tmp_path)
    requirement = published().requirements["AUT-003"]
    assert completed.returncode == 0
    for text in (
        requirement.sentence.en,
        requirement.remediation.en,
        "revocation_effect_seconds",
        *requirement.clauses,
    ):
        assert text in completed.stdout


def test_explain_unknown(tmp_path: Path) -> None:
    refused(fcsp("explain", "AUT-033", folder=tmp_path), "AUT-033", "AUT-003")


def test_list_names_every_requirement(tmp_path: Path) -> None:
    completed = fcsp("list", folder=tmp_path)
    assert {line.split()[0] for line in completed.stdout.splitlines()} == set(published().requirements)


def test_list_of_a_part(tmp_path: Path) -> None:
    by_stem, by_prefix = (fcsp("list", part, folder=tmp_path).stdout for part in ("authorization", "AUT"))
    assert by_stem == by_prefix
    assert {line[:3] for line in by_stem.splitlines()} == {"AUT"}
    refused(fcsp("list", "nonsense", folder=tmp_path), "nonsense", "authorization")


@pytest.mark.parametrize("content", [None, "", "{}\n", "nonsense"])
def test_rejudge_without_a_record(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "transcript.jsonl").write_text(content)
    refused(fcsp("rejudge", str(tmp_path), folder=tmp_path), str(tmp_path))


def test_lint_of_the_published_standard(tmp_path: Path) -> None:
    completed = fcsp("standard", "lint", folder=tmp_path)
    assert (completed.returncode, completed.stderr) == (0, ""), completed.stdout


def test_lint_of_a_broken_copy(tmp_path: Path) -> None:
    for name in ("standard", "schemas"):
        (tmp_path / name).mkdir()
    completed = fcsp("standard", "lint", "--standard", str(tmp_path), folder=tmp_path)
    assert completed.returncode == 1
    assert completed.stdout.strip()


def test_only_failed_takes_what_did_not_pass(tmp_path: Path) -> None:
    document = result_document(sample.run(), sample.standard())
    assert last_failed(tmp_path) is None
    write_reports(tmp_path / "20261120T080000-a", document, Lang.EN)
    case_ids = last_failed(tmp_path)
    assert case_ids
    assert {id_[:7] for id_ in case_ids} == {"AUT-002", "QRY-001", "QRY-002", "SEC-001", "SEC-008"}


def test_reports_of_a_hostile_platform_are_written(tmp_path: Path) -> None:
    document = result_document(sample.run(), sample.standard())
    reports = write_reports(tmp_path / "run", document, Lang.ZH)
    assert set(reports) == {"result.json", "report.html", "report.en.html", "junit.xml"}
    json.loads(reports["result.json"].read_text("utf-8"))
    assert 'lang="zh-CN"' in reports["report.html"].read_text("utf-8")


def test_version_names_suite_standard_and_checklist(tmp_path: Path) -> None:
    completed = fcsp("--version", folder=tmp_path)
    assert completed.returncode == 0
    for version in (suite_version(), published().version, published().checklist.version):
        assert version in completed.stdout


def pages() -> list[tuple[str, ...]]:
    return [(), *command_paths()]


@pytest.mark.parametrize("path", pages(), ids=" ".join)
def test_help_is_in_one_language_and_says_all(path: tuple[str, ...], tmp_path: Path) -> None:
    english, chinese = (
        fcsp(*path, "--help", "--lang", lang, folder=tmp_path).stdout for lang in ("en", "zh")
    )
    assert english.startswith("Usage: fcsp")
    assert not CHINESE.search(english)
    assert chinese.startswith("用法：fcsp")
    assert not re.search(r"\b(Options|Arguments|Commands|default|required|Show)\b", chinese)
    for page in (english, chinese):
        assert not re.search(r"cli\.|option_|argument_|command_|dynamic|<list", page)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fly"], "fcsp fly"),
        (["rum"], "run"),
        (["list", "AUT", "DES"], "DES"),
        (["explain"], "ID"),
        (["run", "--job", "3"], "--jobs"),
        (["data"], "check"),
    ],
)
def test_what_cannot_be_parsed_is_refused_in_both_languages(
    words: list[str], told: str, tmp_path: Path
) -> None:
    for lang in ("en", "zh"):
        refused(fcsp(*words, folder=tmp_path, more={"FCSP_LANG": lang}), told)
    assert CHINESE.search(fcsp(*words, folder=tmp_path, more={"FCSP_LANG": "zh"}).stderr)


def test_options_come_from_the_environment(workspace: Path, tmp_path: Path) -> None:
    settings = {"FCSP_TARGET": str(workspace / "target.toml")}
    assert fcsp("plan", "AUT-001", folder=tmp_path, more=settings).returncode == 0
    refused(fcsp("run", folder=workspace, more={"FCSP_SEED": "many"}), "FCSP_SEED", "many")
