"""The platform under test as the vendor describes it: address, ICS and IXIT, with references to secrets."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the platform that the suite plays."""

    client_id: str
    role: str
    """`hub`, `upstream`, `provider`."""
    key: str
    """Name of its private key in the key store."""
    uscc: str = ""
    """Its unified social credit code; a provider's records carry it."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """Records that the platform has loaded before a run (`fcsp data synth`)."""

    id: str
    seed: int
    day: date
    """The day in China for which its dates were made."""
    provider_uscc: str = ""
    """The provider that its records name."""
    records: frozenset[str] = frozenset()
    """Digests of all records, see `digest_of`."""
    sample: Mapping[str, Any] = field(default_factory=dict)
    """One record, by which it is found out whether the platform has loaded the set."""


def digest_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record's canonical JSON, hex."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Target:
    """`target.toml` after validation."""

    base_url: str
    profile: str
    capabilities: tuple[str, ...] = ()
    """Capabilities that the vendor claims beyond the profile (ICS)."""
    environment: str = "test"
    division: str = ""
    provisioning: str = "api"
    data_set: DataSet | None = None
    """With the provisioning `preloaded`."""
    clients: Mapping[str, Client] = field(default_factory=dict)
    """By role."""
    institution_keys: tuple[str, ...] = ()
    issuer: str = ""
    """Issuer identifier of the simulated issuer of subject assertions."""
    provider_listen: str = ""
    """URL at which the suite plays the sources of items that are not collected; empty where it does not."""
    provider_url: str = ""
    """The same place as the platform reaches it."""
    public_keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Public halves (JWK) of the keys in the store, by name."""
    key_store: Path = Path("keys")
    ca_file: Path | None = None
    timeout: float = 10.0
    """Seconds for one exchange."""
    max_body: int = 16 * 1024 * 1024
    """Bytes of one reply."""
