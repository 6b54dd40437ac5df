"""Common base of all parties: a credential, one way to call an operation, and listings page by page.

A step that merely prepares raises NotVerified where the platform does not carry it out: the requirement
behind that step has checks of its own, and one defect must not count twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from conformance import expect
from conformance.expect import NotVerified, Violation
from conformance.model.context import Context, World
from conformance.model.text import Message
from conformance.model.wire import Credential, Json, Reply, Request

IDEMPOTENCY_KEY = "Idempotency-Key"


@dataclass(frozen=True, eq=False)
class Actor:
    """A party that the suite plays in one check."""

    ctx: Context = field(repr=False)
    fresh: bool = field(default=False, kw_only=True)
    """Subjects and records that no run has used before, for checks about delivering them."""

    @property
    def world(self) -> World:
        """The source of subjects and records: the context itself, or the loaded data set."""
        return self.ctx if self.fresh else self.ctx.world

    @property
    def credential(self) -> Credential | None:
        """The bearer token of the party; None for one that has none."""
        return None

    def call(  # noqa: PLR0913 - the parts of a request
        self,
        operation: str,
        body: Json = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
        valid: bool = True,
        **path: str,
    ) -> Reply:
        """The platform's reply to a call of an operation of its API (`operationId`).

        `path`: the parameters of its path. `key`: the Idempotency-Key; where one is needed and not given, a
        new one. `valid`: False for a request that breaks the contract on purpose.
        """
        needed = self.ctx.standard.api.operations[operation].idempotent
        idempotency = {IDEMPOTENCY_KEY: key or self.new_key()} if needed else {}
        return self.ctx.send(
            Request(
                operation,
                path=path,
                query=query or {},
                headers={**idempotency, **(headers or {})},
                body=body,
                credential=self.credential,
                valid=valid,
            )
        )

    def new_key(self) -> str:
        """A fresh identifier of 32 hexadecimal digits: an Idempotency-Key, or the name of nothing."""
        return new_key(self.ctx)

    def pages(
        self, request: Request, member: str, first: Reply | None = None
    ) -> tuple[list[dict[str, Any]], Reply]:
        """The entries of a listing over all its pages, and the last page. An empty page does not end it."""
        listing = Listing(request, member)
        if first is not None and listing.ends_with(first):
            return listing.entries, first

        def last_page() -> Reply | None:
            page = self.ctx.send(listing.request)
            return page if listing.ends_with(page) else None

        last = self.ctx.repeat(last_page)
        return listing.entries, last

    def listing(self, operation: str, member: str, **query: str) -> tuple[list[dict[str, Any]], Reply]:
        """All entries of a listing operation, and its last page."""
        return self.pages(Request(operation, query=query, credential=self.credential), member)


@dataclass(slots=True)
class Listing:
    """A listing as far as its pages were read."""

    request: Request
    """The request for the next page."""
    member: str
    """The member of a page that holds its entries."""
    entries: list[dict[str, Any]] = field(default_factory=list)
    cursors: set[str] = field(default_factory=set)

    def ends_with(self, page: Reply) -> bool:
        """Take up a page; whether it is the last. Raises Violation on a cursor that came before."""
        expect.status(page, 200)
        self.entries += expect.objects(page, f"/{self.member}")
        if expect.json_object(page).get("next_cursor") is None:
            return True
        cursor = expect.at(page, "/next_cursor", str)
        repeated_cursor = Message("checks.page_again", {"cursor": cursor})
        expect.true(cursor not in self.cursors, repeated_cursor, where="reply.body/next_cursor", reply=page)
        self.cursors.add(cursor)
        self.request = replace(self.request, query={**self.request.query, "cursor": cursor})
        return False


def new_key(ctx: Context) -> str:
    """A fresh identifier of 32 hexadecimal digits from the randomness of the case."""
    return f"{ctx.random.getrandbits(128):032x}"


@contextmanager
def preparing(part: str) -> Iterator[None]:
    """A block whose expectations only prepare: a violation within becomes NotVerified."""
    try:
        yield
    except Violation as violation:
        finding = violation.finding
        observation = {"where": finding.where, "expected": finding.expected, "actual": finding.actual}
        values = {"part": part, "step": finding.step or 0, **observation}
        raise NotVerified(Message("checks.prerequisite_refused", values)) from None


def prepared(reply: Reply, part: str, *statuses: int) -> dict[str, Any]:
    """The body of a preparing step, a JSON object. Raises NotVerified on any other status or body."""
    with preparing(part):
        expect.status(reply, *statuses)
        return expect.json_object(reply)


def prepared_id(reply: Reply, part: str, status: int, member: str) -> str:
    """The identifier in a reply of a preparing step. Raises NotVerified on another status or without it."""
    with preparing(part):
        expect.status(reply, status)
        return expect.at(reply, f"/{member}", str)
