"""The form of trust.json: the public keys of the simulated parties, for the vendor to install."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from conformance.loader import Problem, TrustErrors
from conformance.loader.files import Document
from conformance.loader.json_lines import json_lines
from conformance.loader.settings_errors import read_settings
from conformance.loader.settings_model import (
    DISTINCT,
    HttpAddress,
    Identifier,
    NonEmpty,
    Role,
    SettingsModel,
    Uscc,
)
from conformance.model.text import Message

Coordinate = Annotated[str, Field(min_length=43, max_length=43)]
"""32 octets in base64url without padding (RFC 7518, 6.2.1)."""


class PublicKey(SettingsModel):
    """A public P-256 key (RFC 7517); a private member has no place here."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate
    kid: NonEmpty = ""
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"


class PublicKeys(SettingsModel):
    keys: Annotated[list[PublicKey], Field(min_length=1)]


class BilingualName(SettingsModel):
    zh: NonEmpty
    en: NonEmpty


def _form_of_name(value: Any) -> str | None:
    """Tag of the alternative; None for a value that is neither a text nor an object."""
    if isinstance(value, str):
        return "text"
    return "languages" if isinstance(value, dict | BilingualName) else None


class TrustedParty(SettingsModel):
    client_id: Identifier
    role: Role
    """A code of codes/client_role.yaml."""
    name: Annotated[
        Annotated[NonEmpty, Tag("text")] | Annotated[BilingualName, Tag("languages")],
        Discriminator(_form_of_name),
    ]
    """One name, or one in each language."""
    uscc: Uscc
    jwks: PublicKeys


class AssertionIssuer(SettingsModel):
    issuer: NonEmpty
    jwks: PublicKeys


class DataSource(SettingsModel):
    provider_uscc: Uscc
    url: HttpAddress
    """Address of the source, and audience of the tokens for it; no query, no fragment, no user."""
    items: Annotated[list[NonEmpty], *DISTINCT]
    """Codes of the items that it answers."""


class TrustDocument(SettingsModel):
    """Public halves of the keys of the simulated counterparts, for the vendor to install."""

    clients: list[TrustedParty]
    assertion_issuers: list[AssertionIssuer]
    sources: list[DataSource] = Field(default=[])
    """Where a platform asks for the items that stay at their source (provider.openapi.yaml)."""

    def to_json(self) -> str:
        """Indented text of the file."""
        content = self.model_dump(mode="json", exclude_unset=True)
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_trust(path: Path) -> TrustDocument:
    """The content of a trust.json. Raises TrustErrors with everything that is wrong."""
    content, problems = read_settings(path.name, _parsed(path), TrustDocument)
    if content is None:
        raise TrustErrors(problems)
    return content


def _parsed(path: Path) -> Document:
    try:
        text = path.read_text("utf-8")
        return Document(json.loads(text), json_lines(text))
    except json.JSONDecodeError as error:
        message = Message("loader.json_syntax", {"reason": error.msg})
        raise TrustErrors((Problem(path.name, "", "", message, error.lineno),)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise TrustErrors((_unreadable(path, str(error)),)) from error
    except RecursionError as error:
        raise TrustErrors((_unreadable(path, type(error).__name__),)) from error


def _unreadable(path: Path, reason: str) -> Problem:
    return Problem(path.name, "", "", Message("loader.unreadable", {"reason": reason}))
