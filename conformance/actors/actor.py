"""What every actor has: the context, the clients of the network, fresh keys and new subjects.

A step that merely prepares raises NotVerified when the platform does not carry it out: the requirement behind
that step has checks of its own, and one defect must not count twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from conformance import expect
from conformance.actors import subject as subjects
from conformance.actors.subject import Subject
from conformance.expect import NotVerified, Violation
from conformance.model.context import Context, World
from conformance.model.text import Message
from conformance.model.wire import ClientToken, Reply, Request


class Actor:
    """Acts for one check."""

    def __init__(self, ctx: Context, *, fresh: bool = False) -> None:
        """`fresh`: subjects and records that no run has used, for what is about delivering them."""
        self.ctx = ctx
        self.fresh = fresh
        self.world: World = ctx if fresh else ctx.world

    def new_key(self) -> str:
        """A fresh Idempotency-Key."""
        return f"{self.ctx.random.getrandbits(128):032x}"

    def client(self, role: str) -> ClientToken:
        client = self.ctx.target.clients.get(role)
        if client is None:
            raise NotVerified(Message("checks.no_client", {"role": role}))
        return ClientToken(client.client_id, client.key)

    def subject(self, subject_type: str = "enterprise") -> Subject:
        return subjects.make(self.world, subject_type)

    def pages(
        self, request: Request, member: str, first: Reply | None = None
    ) -> tuple[list[dict[str, Any]], Reply]:
        """The entries of a listing over all its pages, and the last page. An empty page ends nothing."""
        listing = Listing(request, member)
        if first is not None and listing.ends_with(first):
            return listing.entries, first

        def last() -> Reply | None:
            reply = self.ctx.send(listing.request)
            return reply if listing.ends_with(reply) else None

        end = self.ctx.repeat(last)
        return listing.entries, end


@dataclass(slots=True)
class Listing:
    """A listing as far as its pages were read."""

    request: Request
    """Asks for the next page."""
    member: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def ends_with(self, page: Reply) -> bool:
        """Take up a page; whether it is the last."""
        expect.status(page, 200)
        self.entries += expect.objects(page, f"/{self.member}")
        if expect.json_object(page).get("next_cursor") is None:
            return True
        cursor = expect.at(page, "/next_cursor", str)
        again = Message("checks.page_again", {"cursor": cursor})
        expect.true(cursor not in self.seen, again, where="reply.body/next_cursor", reply=page)
        self.seen.add(cursor)
        self.request = replace(self.request, query={**self.request.query, "cursor": cursor})
        return False


@contextmanager
def preparing(part: str) -> Iterator[None]:
    """What is expected within only prepares: if it is not so, nothing was verified."""
    try:
        yield
    except Violation as found:
        finding = found.finding
        shown = {"where": finding.where, "expected": finding.expected, "actual": finding.actual}
        values = {"part": part, "step": finding.step or 0, **shown}
        raise NotVerified(Message("checks.prerequisite_refused", values)) from None


def prepared(reply: Reply, part: str, *statuses: int) -> dict[str, Any]:
    """The body of a preparing step, or NotVerified."""
    with preparing(part):
        expect.status(reply, *statuses)
        return expect.json_object(reply)
