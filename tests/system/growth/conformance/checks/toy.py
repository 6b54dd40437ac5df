"""Checks of the part toy (TOY): toys stay what they are."""

from conformance import expect
from conformance.actors.actor import prepared_id
from conformance.actors.toy_collector import ToyCollector
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message

NAME = "Teddy 玩具熊"


@verifies("TOY-001")
def toy_is_returned_as_recorded(ctx: Context) -> None:
    collector = ToyCollector(ctx)
    toy_id = prepared_id(collector.record(NAME), "toy", 201, "toy_id")

    reply = collector.read(toy_id)

    expect.status(reply, 200)
    name = expect.at(reply, "/name", str)
    expect.true(name == NAME, Message("toy.renamed"), where="reply.body/name", reply=reply, actual=name)
