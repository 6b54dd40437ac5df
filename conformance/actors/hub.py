"""What the hub tells a platform, and what the platform tells of itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from conformance.actors.actor import Actor, prepared
from conformance.model.wire import Credential, Reply, Request


class Docking(Actor):
    def notice(
        self, kind: str, by: Credential | None = None, issued_at: str | None = None, **detail: Any
    ) -> Reply:
        return self.ctx.send(
            Request(
                "postNetworkNotice",
                headers={"Idempotency-Key": self.new_key()},
                body=self.notice_body(kind)
                | ({"issued_at": issued_at} if issued_at else {})
                | ({"detail": detail} if detail else {}),
                credential=by or self.client("hub"),
            )
        )

    def notice_body(self, kind: str) -> dict[str, Any]:
        return {"kind": kind, "issued_at": f"{self.ctx.today}T00:00:00+08:00"}

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """The platform under suspension; resumed whatever happens, or every later check would be lost."""
        prepared(self.notice("suspension"), "docking", 202)
        try:
            yield
        finally:
            self.notice("resumption")

    @contextmanager
    def retired(self, successor: Mapping[str, str]) -> Iterator[None]:
        """The platform retired in favor of another; taken back whatever happens."""
        prepared(self.notice("retirement", successor=dict(successor)), "docking", 202)
        try:
            yield
        finally:
            self.notice("resumption")

    def catalog(self, credential: Credential, **query: str) -> tuple[list[dict[str, Any]], Reply]:
        """All entries of the catalogue over all its pages, and the last page."""
        return self.pages(Request("getCatalog", query=query, credential=credential), "items")

    def catalog_item(self, item_code: str, credential: Credential, **query: str) -> Reply:
        return self.ctx.send(
            Request("getCatalogItem", path={"item_code": item_code}, query=query, credential=credential)
        )
