"""Members of target.toml that environment variables set in its place."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from conformance.loader.problem import Problem

VARIABLES: Mapping[str, tuple[str, str]] = {
    "FCSP_BASE_URL": ("target", "base_url"),
    "FCSP_PROFILE": ("target", "profile"),
    "FCSP_KEY_STORE": ("secrets", "store"),
    "FCSP_CA_FILE": ("tls", "ca_file"),
    "FCSP_PROVIDER_LISTEN": ("provider", "listen"),
    "FCSP_PROVIDER_URL": ("provider", "public_url"),
}
"""Table and member by variable. Paths are relative to target.toml, as within it."""


def with_environment(value: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The file's value with the members that variables set; an empty variable sets nothing."""
    merged = deepcopy(dict(value))
    for variable, (table, member) in VARIABLES.items():
        members = merged.setdefault(table, {}) if environment.get(variable) else None
        if isinstance(members, dict):
            members[member] = environment[variable]
    return merged


def named_by_variable(problems: Iterable[Problem], environment: Mapping[str, str]) -> Iterator[Problem]:
    """Problems in place of a member that a variable sets, with the name of that variable."""
    variables = {f"/{table}/{member}": name for name, (table, member) in VARIABLES.items()}
    for problem in problems:
        variable = variables.get(problem.path)
        if variable is not None and environment.get(variable):
            yield replace(problem, file=variable, path="", line=None)
        else:
            yield problem
