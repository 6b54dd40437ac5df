"""Decisions under all others: catalogue, clock, identifiers; and the refusal of reserved identities."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reference_impl.china_time import CHINA
from reference_impl.knowledge import Setup
from reference_impl.policy import identity
from reference_impl.policy.model import Document, Refusal
from reference_impl.standard import Catalogue
from reference_impl.wire.message import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseParts:
    """Decisions that every part stands on."""

    catalogue: Catalogue
    clock: Callable[[], datetime]
    new_id: Callable[[str, Document], str]
    """A fresh identifier for a thing of this kind. It must not reveal what the thing is about."""


def honest(setup: Setup) -> BaseParts:
    """The catalogue as read, the system clock, random identifiers."""
    return BaseParts(
        catalogue=setup.knowledge.catalogue, clock=partial(datetime.now, CHINA), new_id=random_id
    )


def random_id(kind: str, _about: Document) -> str:
    """Three letters of the kind, then 96 random bits in hex."""
    return f"{kind[:3]}_{secrets.token_hex(12)}"


def reserved_identity(call: Call, document: Document) -> str | None:
    """JSON pointer of the first reserved test identity; None in a test environment."""
    if call.settings.environment == "test":
        return None
    return identity.reserved_identity(document, call.parts[BaseParts].catalogue.reserved)


def refuse_reserved(call: Call, document: Document) -> None:
    """Raises Refusal where a production platform meets a reserved test identity."""
    pointer = reserved_identity(call, document)
    if pointer is not None:
        raise Refusal("invalid_request", errors=[{"pointer": pointer, "message": "a reserved test identity"}])
