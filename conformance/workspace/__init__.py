"""A vendor's workspace: target.toml, the keys of the simulated parties, and trust.json for the platform."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from conformance.model.standard import Standard
from conformance.synth import identities
from conformance.workspace.options import WorkspaceOptions
from conformance.workspace.template import client_id, target_toml
from conformance.workspace.trust import TrustDocument, read_trust

OTHER_PROVIDER = "other_provider"
"""A second client in the role of a provider: what belongs to one is kept from another."""
ISSUER = "https://issuer.fcsp.test"
_SIMULATED = "模拟"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The files of a workspace."""

    folder: Path

    @property
    def target(self) -> Path:
        return self.folder / "target.toml"

    @property
    def trust(self) -> Path:
        return self.folder / "trust.json"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"


class WorkspaceExists(Exception):  # noqa: N818 - it says what is the case
    """Files that would be overwritten."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        super().__init__(", ".join(map(str, paths)))
        self.paths = paths


def create(folder: Path, options: WorkspaceOptions, standard: Standard, *, force: bool = False) -> Workspace:
    """Write a whole workspace, or nothing when a file of it exists and `force` is not given."""
    workspace = Workspace(folder)
    names = _key_names(options, standard)
    files = (workspace.target, workspace.trust, *(workspace.keys / f"{name}.jwk.json" for name in names))
    if not force and (existing_files := tuple(path for path in files if path.exists())):
        raise WorkspaceExists(existing_files)
    workspace.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = {name: _make_key(workspace.keys / f"{name}.jwk.json") for name in names}
    workspace.trust.write_text(_trust(public, options, standard).to_json(), "utf-8")
    aim(workspace, options.base_url, options, standard)
    return workspace


def aim(workspace: Workspace, base_url: str, options: WorkspaceOptions, standard: Standard) -> None:
    """(Re)write target.toml alone: keys and the source's address stay as the platform has them.

    Raises TrustErrors for a trust.json in another form.
    """
    options = _as_installed(workspace, options)
    workspace.target.write_text(target_toml(base_url, options, _codes(options, standard), ISSUER), "utf-8")


def _as_installed(workspace: Workspace, options: WorkspaceOptions) -> WorkspaceOptions:
    url = next((source.url for source in read_trust(workspace.trust).sources), options.provider_url)
    return (
        options
        if url == options.provider_url
        else replace(options, provider_url=url, provider_listen=urlsplit(url).netloc)
    )


def roles(options: WorkspaceOptions, standard: Standard) -> tuple[str, ...]:
    """The roles of clients that such a platform knows."""
    known = standard.codes["client_role"].codes.values()
    return tuple(r.code for r in known if r.properties.get("capability") in (None, *options.capabilities))


def _parties(options: WorkspaceOptions, standard: Standard) -> dict[str, str]:
    """The clients that the suite plays, each with its role."""
    return {**{role: role for role in roles(options, standard)}, OTHER_PROVIDER: "provider"}


def _codes(options: WorkspaceOptions, standard: Standard) -> dict[str, str]:
    """The unified social credit codes of the simulated clients: always the same reserved ones."""
    all_codes = {
        party: identities.uscc(Random(f"trust {party}"), standard.reserved, "authority")
        for party in (*standard.codes["client_role"].codes, OTHER_PROVIDER)
    }
    return {party: all_codes[party] for party in _parties(options, standard)}


def _key_names(options: WorkspaceOptions, standard: Standard) -> tuple[str, ...]:
    pool = (f"institution-{number}" for number in range(1, options.institutions + 1))
    return (*_parties(options, standard), *pool, "issuer", "stranger")


def _make_key(path: Path) -> Mapping[str, Any]:
    """Write a fresh private key that only the owner can read; give its public half."""
    from joserfc.jwk import ECKey

    key = ECKey.generate_key("P-256")
    kid = {"kid": key.thumbprint()}
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({**key.as_dict(private=True), **kid}, file, indent=2)
    return {**key.as_dict(private=False), **kid}


def _trust(
    public: Mapping[str, Mapping[str, Any]], options: WorkspaceOptions, standard: Standard
) -> TrustDocument:
    codes = _codes(options, standard)
    role_codes = standard.codes["client_role"].codes
    clients = [
        {
            "client_id": client_id(party),
            "role": role,
            "name": _SIMULATED + role_codes[role].title.zh,
            "uscc": codes[party],
            "jwks": {"keys": [public[party]]},
        }
        for party, role in _parties(options, standard).items()
    ]
    return TrustDocument.model_validate(
        {
            "clients": clients,
            "assertion_issuers": [{"issuer": ISSUER, "jwks": {"keys": [public["issuer"]]}}],
            "sources": [
                {
                    "provider_uscc": codes["provider"],
                    "url": options.provider_url,
                    "items": _at_source(standard),
                }
            ],
        }
    )


def _at_source(standard: Standard) -> list[str]:
    """Items that are asked or verified at their source."""
    items = standard.checklist.items
    return [item.code for item in items if item.collection_mode != "physical" or item.verifiable]
