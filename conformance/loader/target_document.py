"""The form of target.toml: address, claims and test information of one platform."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from conformance.loader.files import Document
from conformance.loader.problem import Problem
from conformance.loader.settings_errors import problem_at
from conformance.loader.settings_model import (
    DISTINCT,
    HttpAddress,
    Identifier,
    KeyName,
    NonEmpty,
    Role,
    SettingsModel,
    Uscc,
)

_PRELOADED: JsonValue = {"properties": {"provisioning": {"const": "preloaded"}}, "required": ["provisioning"]}
_ROLES = ("hub", "upstream")
"""Clients that no description is without."""


Capability = Annotated[str, Field(pattern="^[a-z][a-z0-9-]*$")]


class PlatformTable(SettingsModel):
    model_config = ConfigDict(
        json_schema_extra={
            "if": _PRELOADED,
            "then": {"required": ["data_set"]},
            "else": {"properties": {"data_set": False}},
        }
    )

    base_url: HttpAddress
    """Where the platform is reached; no query, no fragment, no user."""
    profile: Literal["baseline", "municipal", "provincial"]
    environment: Literal["test", "production"] = "test"
    division: Annotated[str, Field(pattern="^[0-9]{6}$")] = ""
    capabilities: Annotated[list[Capability], *DISTINCT] = Field(default=[])
    provisioning: Literal["api", "preloaded"] = "api"
    """api: the suite delivers its data through collection.
    preloaded: the platform has loaded the data set that `fcsp data synth` made;
    a provider may then be left out, and what is about deliveries is not verified."""
    data_set: NonEmpty = ""
    """Folder of the data set that the platform has loaded, relative to this file."""


class ClientTable(SettingsModel):
    client_id: Identifier
    key: KeyName
    uscc: Uscc = ""
    """Unified social credit code of the client; the records of a provider carry it."""


class InstitutionsTable(SettingsModel):
    keys: Annotated[list[KeyName], Field(min_length=2), *DISTINCT]
    """Names of the keys of the pool of simulated institutions."""


class SubjectsTable(SettingsModel):
    issuer: Annotated[str, Field(pattern="^https?://[^\\s]+$")]
    """Identifier of the simulated issuer of subject assertions; its key in the store is named issuer."""


class ProviderTable(SettingsModel):
    listen: Annotated[str, Field(pattern="^([0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$")]
    """Address and port on this machine."""
    public_url: HttpAddress
    """The same place as the platform reaches it; stands in trust.json."""


class SecretsTable(SettingsModel):
    store: NonEmpty
    """Folder of <name>.jwk.json files, relative to this file."""


class TlsTable(SettingsModel):
    ca_file: NonEmpty = ""


class LimitsTable(SettingsModel):
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    max_body_bytes: Annotated[int, Field(ge=1024)] | None = None


class TargetDocument(SettingsModel):
    """Address, claims and test information of one platform.

    Secrets are referred to by name, never written here.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"target": _PRELOADED}},
            "else": {"properties": {"clients": {"required": ["provider"]}}},
        }
    )

    target: PlatformTable
    clients: Annotated[
        dict[Role, ClientTable],
        Field(json_schema_extra={"additionalProperties": False, "required": [*_ROLES]}),
    ]
    """Clients that the suite plays, by role (codes/client_role.yaml)."""
    institutions: InstitutionsTable
    subjects: SubjectsTable
    provider: ProviderTable | None = None
    """Where the suite plays the source of items that are not collected;
    absent where the platform cannot reach it."""
    secrets: SecretsTable
    tls: TlsTable = TlsTable()
    limits: LimitsTable = LimitsTable()


def dependency_problems(file: str, document: Document) -> Iterator[Problem]:
    """Members whose presence depends on another member: `if`, `then` and `else` of the published schema."""
    target, clients = (_table(document.value, name) for name in ("target", "clients"))
    preloaded = target.get("provisioning") == "preloaded"
    if preloaded and "data_set" not in target:
        yield problem_at(file, document, ("target",), "missing", name="data_set")
    if not preloaded and "data_set" in target:
        yield problem_at(file, document, ("target", "data_set"), "data_set_not_loaded")
    if isinstance(document.value.get("clients"), Mapping):
        roles = _ROLES if preloaded else (*_ROLES, "provider")
        for role in (role for role in roles if role not in clients):
            yield problem_at(file, document, ("clients",), "missing", name=role)


def _table(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = value.get(name)
    return table if isinstance(table, Mapping) else {}
