"""The collector of toys, a party of the part toy: it records toys and reads them back."""

from dataclasses import dataclass

from conformance.actors.actor import prepared_id
from conformance.actors.client import NetworkClient
from conformance.actors.sample_registry import existing_id, sample_body
from conformance.actors.subject import Subject
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Reply


@dataclass(frozen=True, eq=False, kw_only=True)
class ToyCollector(NetworkClient):
    """Records and reads toys with the hub's token."""

    role: str = "hub"

    def record(self, name: str) -> Reply:
        """The reply to the record of a toy."""
        return self.call("createToy", {"name": name})

    def read(self, toy_id: str) -> Reply:
        """A toy as it reads back."""
        return self.call("getToy", toy_id=toy_id)


@sample_body("createToy")
def sample_toy(_ctx: Context, _item: Item, _subject: Subject) -> dict[str, str]:
    """A toy."""
    return {"name": "Teddy"}


@existing_id("toy_id")
def existing_toy(ctx: Context) -> str:
    """A toy that the platform has recorded."""
    return prepared_id(ToyCollector(ctx).record("Teddy"), "toy", 201, "toy_id")
