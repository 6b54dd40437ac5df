"""Toys recorded wrongly."""

from dataclasses import replace

from reference_impl.mutants import breaks
from reference_impl.parts.toy import ToyParts
from reference_impl.policy.model import Document


@breaks("TOY-001")
def toy_names_are_shouted(toys: ToyParts) -> ToyParts:
    """Names are stored in capital letters, by which they are also searched."""

    def new_toy(toy_id: str, application: Document) -> Document:
        toy = toys.new_toy(toy_id, application)
        return {**toy, "name": toy["name"].upper()}

    return replace(toys, new_toy=new_toy)
