"""Settings of a platform: identity, addresses, trust, limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Jwks = Mapping[str, Any]


TEST_OPERATOR = {"name": "测试市示例信用服务有限公司", "uscc": "91990100XT0000014N"}
"""A reserved test identity, see schemas/codes/reserved.yaml."""


@dataclass(frozen=True, slots=True)
class TrustedClient:
    """A party that the operator configured: the hub, an upstream node or a provider."""

    client_id: str
    role: str
    jwks: Jwks


@dataclass(frozen=True, slots=True)
class Source:
    """The address at which a provider answers about items that stay at their source."""

    provider_uscc: str
    url: str
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trust:
    """The public keys that the operator installed."""

    clients: Mapping[str, TrustedClient] = field(default_factory=dict)
    issuers: Mapping[str, Jwks] = field(default_factory=dict)
    """Issuers of subject assertions and their keys."""
    sources: tuple[Source, ...] = ()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Trust":
        clients: Sequence[Mapping[str, Any]] = document["clients"]
        issuers: Sequence[Mapping[str, Any]] = document["assertion_issuers"]
        return cls(
            {c["client_id"]: TrustedClient(c["client_id"], c["role"], c["jwks"]) for c in clients},
            {i["issuer"]: i["jwks"] for i in issuers},
            tuple(_source(s) for s in document.get("sources", ())),
        )

    def source_of(self, item: str) -> Source | None:
        """The source that answers about this item."""
        return next((source for source in self.sources if item in source.items), None)


def _source(document: Mapping[str, Any]) -> Source:
    return Source(document["provider_uscc"], document["url"].rstrip("/"), frozenset(document["items"]))


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of one client for some operations together: a token bucket."""

    operations: tuple[str, ...]
    """Empty for all that no other rate names."""
    per_minute: int
    burst: int


RATES = (Rate(("createQueryBatch",), 120, 20), Rate((), 60_000, 10_000))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one client, by request and by time."""

    max_body_bytes: int = 1_048_576
    max_batch_records: int = 1_000
    max_query_batch_lines: int = 500
    query_batch_hours: int = 72
    idempotency_hours: int = 48
    rates: tuple[Rate, ...] = RATES
    page_size: int = 100
    max_page_size: int = 500
    token_seconds: int = 300
    source_seconds: float = 2.0
    """For everything that one query asks of sources; well below what the standard allows."""
    source_bytes: int = 1_048_576


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is fixed while the process runs."""

    base_url: str
    root: Path
    database_url: str
    trust: Trust = field(default_factory=Trust)
    key_file: Path | None = None
    environment: str = "test"
    profile: str = "provincial"
    level: str = "provincial"
    division_code: str = "990000"
    limits: Limits = field(default_factory=Limits)
    capabilities: tuple[str, ...] = ()
    operator: Mapping[str, str] = field(default_factory=lambda: dict(TEST_OPERATOR))
