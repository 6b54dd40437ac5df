"""Toys: a new toy."""

from reference_impl.policy.model import Document


def new_toy(toy_id: str, application: Document) -> Document:
    """The toy that an application describes."""
    return {"toy_id": toy_id, "name": application["name"]}
