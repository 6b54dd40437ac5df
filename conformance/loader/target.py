"""Reading `target.toml`, the vendor's description of the platform under test."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.loader.data_set import load_data_set
from conformance.loader.files import Document, read_yaml
from conformance.loader.meta import META, check_document
from conformance.loader.problem import Problem, TargetErrors
from conformance.loader.root import root as find_root
from conformance.loader.target_environment import named_by_variable, with_environment
from conformance.loader.toml_lines import toml_lines
from conformance.model.target import Client, Target
from conformance.model.text import Message

PUBLIC = ("kty", "crv", "x", "y", "kid", "use", "alg")
"""Members of a JWK (RFC 7517) that are no secret."""


def load_target(path: Path, root: Path | None = None, *, with_data: bool = True) -> Target:
    """The description in a file, by the standard's meta-schema, or TargetErrors with all that is wrong.

    `with_data`: the data set that the platform has loaded is read, too, where there is one.
    """
    document = _read(path)
    folder, standard_root = path.resolve().parent, find_root(root)
    schema = read_yaml(standard_root / META / "target.schema.yaml")
    problems = tuple(named_by_variable(check_document(path.name, document, schema), os.environ))
    if problems:
        raise TargetErrors(problems)
    target = _target(document.value, folder)
    if not with_data or target.provisioning != "preloaded":
        return target
    return replace(
        target, data_set=load_data_set(folder / document.value["target"]["data_set"], standard_root)
    )


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


def _target(value: Mapping[str, Any], folder: Path) -> Target:
    platform, limits = value["target"], value.get("limits", {})
    store = folder / value["secrets"]["store"]
    ca_file = value.get("tls", {}).get("ca_file")
    optional = {
        name: platform[name] for name in ("environment", "division", "provisioning") if name in platform
    }
    optional |= {"timeout": float(limits["timeout_seconds"])} if "timeout_seconds" in limits else {}
    optional |= {"max_body": limits["max_body_bytes"]} if "max_body_bytes" in limits else {}
    return Target(
        base_url=platform["base_url"].rstrip("/"),
        profile=platform["profile"],
        capabilities=tuple(platform.get("capabilities", ())),
        clients={role: _client(role, c) for role, c in value["clients"].items()},
        institution_keys=tuple(value["institutions"]["keys"]),
        issuer=value["subjects"]["issuer"],
        provider_listen=value.get("provider", {}).get("listen", ""),
        provider_url=value.get("provider", {}).get("public_url", "").rstrip("/"),
        public_keys=_public_keys(store, value["institutions"]["keys"]),
        key_store=store,
        ca_file=folder / ca_file if ca_file else None,
        **optional,
    )


def _client(role: str, client: Mapping[str, Any]) -> Client:
    return Client(client["client_id"], role, client["key"], client.get("uscc", ""))


def _public_keys(store: Path, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The public halves of keys in the store; a key that is missing is named by whoever needs it."""
    found = ((name, _public(store / f"{name}.jwk.json")) for name in names)
    return {name: key for name, key in found if key is not None}


def _public(path: Path) -> Mapping[str, Any] | None:
    try:
        key = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {member: key[member] for member in PUBLIC if member in key} if isinstance(key, dict) else None
