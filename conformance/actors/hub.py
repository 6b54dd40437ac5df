"""The hub (总枢纽): it admits institutions and tells a platform what concerns the network."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from conformance.actors.actor import prepared
from conformance.actors.client import NetworkClient
from conformance.actors.institution import Institution, new_institution
from conformance.actors.sample_registry import existing_id, sample_body, unknown_id
from conformance.actors.subject import Subject
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Reply

HUB = "hub"


@dataclass(frozen=True, eq=False, kw_only=True)
class Hub(NetworkClient):
    """Admits institutions and sends notices."""

    role: str = HUB

    def admitted(self, cls: str = "bank", **statements: Any) -> Institution:
        """A new institution of the class, admitted. Raises NotVerified where the platform refuses it."""
        institution = new_institution(self.ctx, cls, fresh=self.fresh, **statements)
        prepared(self.admit(institution), "admission", 200, 201)
        return institution

    def admit(self, institution: Institution, *, valid: bool = True) -> Reply:
        """The reply to the admission of an institution."""
        body = dict(institution.body)
        return self.call("putInstitution", body, valid=valid, institution_id=institution.id)

    def read_admission(self, institution: Institution) -> Reply:
        """The admission of an institution as it reads back."""
        return self.call("getInstitution", institution_id=institution.id)

    def set_status(self, institution: Institution, status: str) -> Reply:
        """The reply to a change of an institution's status."""
        return self.call("patchInstitutionStatus", status_body(status), institution_id=institution.id)

    def notify(self, kind: str, *, issued_at: str | None = None, **detail: Any) -> Reply:
        """The reply to a notice; `issued_at` as RFC 3339, the beginning of today where none is given."""
        dated = {"issued_at": issued_at} if issued_at else {}
        detailed = {"detail": detail} if detail else {}
        return self.call("postNetworkNotice", {**notice_body(self.ctx, kind), **dated, **detailed})

    @contextmanager
    def suspension(self) -> Iterator[None]:
        """The platform under suspension; resumed whatever happens, or every later check would be lost."""
        prepared(self.notify("suspension"), "docking", 202)
        try:
            yield
        finally:
            self.notify("resumption")

    @contextmanager
    def retirement(self, successor: Mapping[str, str]) -> Iterator[None]:
        """The platform retired in favor of another; taken back whatever happens."""
        prepared(self.notify("retirement", successor=dict(successor)), "docking", 202)
        try:
            yield
        finally:
            self.notify("resumption")


def status_body(status: str) -> dict[str, str]:
    """The body of a change of an institution's status."""
    return {"status": status, "reason": "conformance test"}


def notice_body(ctx: Context, kind: str) -> dict[str, Any]:
    """The body of a notice without detail, issued at the beginning of today (Asia/Shanghai)."""
    return {"kind": kind, "issued_at": f"{ctx.today}T00:00:00+08:00"}


@sample_body("putInstitution")
def sample_admission(ctx: Context, _item: Item, _subject: Subject) -> dict[str, Any]:
    """The admission of an institution that nobody has admitted yet."""
    return dict(new_institution(ctx).body)


@sample_body("patchInstitutionStatus")
def sample_status(_ctx: Context, _item: Item, _subject: Subject) -> dict[str, str]:
    """A suspension."""
    return status_body("suspended")


@sample_body("postNetworkNotice")
def sample_notice(ctx: Context, _item: Item, _subject: Subject) -> dict[str, Any]:
    """A notice of the kind that changes nothing."""
    return notice_body(ctx, "list_change")


@unknown_id("institution_id")
def unknown_institution(ctx: Context) -> str:
    """The code of an institution that nobody has admitted."""
    return new_institution(ctx).id


@existing_id("institution_id")
def existing_institution(ctx: Context) -> str:
    """The code of an admitted institution."""
    return Hub(ctx).admitted().id
