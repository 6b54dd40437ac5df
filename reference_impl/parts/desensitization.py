"""Decisions about desensitization: the view of a record, and the preview of a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference_impl.desensitization import Context
from reference_impl.knowledge import Setup
from reference_impl.policy.disclosure import Disclosure

TEST_CAPABILITIES = ("desensitization-preview",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesensitizationParts:
    """Decisions about disclosed values."""

    serves: Callable[[str], bool]
    """True if this audience gets records through a query at all."""
    view: Callable[..., dict[str, Any]]
    """The disclosed fields of one record; parameters as those of `Disclosure.view`."""
    token_key: bytes
    """Key of the tokens in disclosed values, for those who build another `Disclosure`."""
    preview: Callable[[str, str, Any, str], dict[str, Any]]
    """The disclosed value of a type and kind for a recipient."""


def honest(setup: Setup) -> DesensitizationParts:
    """The disclosure matrix of the standard; previews have a key of their own."""
    catalogue, token_key = setup.knowledge.catalogue, setup.keys.derive("disclosure")
    preview_key = setup.keys.derive("preview")

    def preview(type_id: str, kind: str, value: Any, recipient: str) -> dict[str, Any]:
        return catalogue.desensitization.apply(type_id, kind, value, Context(preview_key, recipient))

    return DesensitizationParts(
        serves=catalogue.desensitization.serves,
        view=Disclosure(catalogue, token_key).view,
        token_key=token_key,
        preview=preview,
    )
