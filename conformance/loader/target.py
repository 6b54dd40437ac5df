"""Reading `target.toml`, the vendor's description of the platform under test."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.loader.data_set import load_data_set
from conformance.loader.files import Document
from conformance.loader.problem import Problem, TargetErrors
from conformance.loader.root import root as find_root
from conformance.loader.target_environment import named_by_variable, with_environment
from conformance.loader.toml_lines import toml_lines
from conformance.model.target import Client, Target
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.loader.target_document import TargetDocument

PUBLIC = ("kty", "crv", "x", "y", "kid", "use", "alg")
"""Members of a JWK (RFC 7517) that are no secret."""


def load_target(path: Path, root: Path | None = None, *, with_data: bool = True) -> Target:
    """The platform that a file describes. Raises TargetErrors with everything that is wrong.

    `with_data`: the data set that the platform has loaded is read, too, where there is one.
    """
    # pydantic takes 0.05 s to import; commands without a target do without it
    from conformance.loader.settings_errors import read_settings
    from conformance.loader.target_document import TargetDocument, dependency_problems

    document = _read(path)
    content, problems = read_settings(path.name, document, TargetDocument)
    problems = (*problems, *dependency_problems(path.name, document))
    if content is None or problems:
        raise TargetErrors(tuple(named_by_variable(problems, os.environ)))
    folder = path.resolve().parent
    target = _target(content, folder)
    if not with_data or target.provisioning != "preloaded":
        return target
    data_set = load_data_set(folder / content.target.data_set, find_root(root))
    return replace(target, data_set=data_set)


def _read(path: Path) -> Document:
    try:
        text = path.read_text("utf-8")
        return Document(with_environment(tomllib.loads(text), os.environ), toml_lines(text))
    except (OSError, UnicodeDecodeError) as error:
        message = Message("loader.unreadable", {"reason": str(error)})
        raise TargetErrors((Problem(path.name, "", "", message),)) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line ([0-9]+)", str(error))
        message = Message("loader.toml_syntax", {"reason": str(error)})
        raise TargetErrors((Problem(path.name, "", "", message, int(line[1]) if line else None),)) from error


def _target(content: "TargetDocument", folder: Path) -> Target:
    platform, limits, ca_file = content.target, content.limits, content.tls.ca_file
    store = folder / content.secrets.store
    target = Target(
        base_url=platform.base_url.rstrip("/"),
        profile=platform.profile,
        capabilities=tuple(platform.capabilities),
        clients={role: Client(c.client_id, role, c.key, c.uscc) for role, c in content.clients.items()},
        institution_keys=tuple(content.institutions.keys),
        issuer=content.subjects.issuer,
        provider_listen=content.provider.listen if content.provider else "",
        provider_url=content.provider.public_url.rstrip("/") if content.provider else "",
        public_keys=_public_keys(store, content.institutions.keys),
        key_store=store,
        ca_file=folder / ca_file if ca_file else None,
        provisioning=platform.provisioning,
        **platform.model_dump(include={"environment", "division"}, exclude_unset=True),
    )
    return replace(
        target,
        timeout=target.timeout if limits.timeout_seconds is None else float(limits.timeout_seconds),
        max_body=target.max_body if limits.max_body_bytes is None else limits.max_body_bytes,
    )


def _public_keys(store: Path, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The public halves of keys in the store; a key that is missing is named by whoever needs it."""
    keys = ((name, _public(store / f"{name}.jwk.json")) for name in names)
    return {name: key for name, key in keys if key is not None}


def _public(path: Path) -> Mapping[str, Any] | None:
    try:
        key = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {member: key[member] for member in PUBLIC if member in key} if isinstance(key, dict) else None
