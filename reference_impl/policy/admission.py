"""Admission: rules of an application, the record of an institution, its status."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.policy.model import Document
from reference_impl.standard.formats import is_uscc

WITHDRAWN = "withdrawn"
STANDING = ("active", "suspended")
"""Statuses of an institution that is admitted, be it served or not."""


@dataclass(frozen=True, slots=True)
class Application:
    """An admission that the hub asks for."""

    institution_id: str
    body: Document
    head_office: Document | None
    """The admission of the head office that it names, if there is one."""
    id_in_use: bool
    """True if another kind of client has the id."""
    required: tuple[str, ...]
    """Members that its class has to state."""


Rule = Callable[[Application], str | None]
"""From an application to the JSON pointer of a fault; None without one."""


def own_code(application: Application) -> str | None:
    wrong = application.body["uscc"] != application.institution_id or application.id_in_use
    return "/uscc" if wrong else None


def sound_code(application: Application) -> str | None:
    return None if is_uscc(application.institution_id) else "/uscc"


def required_members(application: Application) -> str | None:
    return next((f"/{name}" for name in application.required if name not in application.body), None)


def known_head_office(application: Application) -> str | None:
    """A branch stands below an admitted institution other than itself."""
    if "head_office" not in application.body:
        return None
    head = application.head_office
    fits = head is not None and head["status"] in STANDING
    below_itself = application.body["head_office"] == application.institution_id
    return None if fits and not below_itself else "/head_office"


RULES: Mapping[str, Rule] = {
    rule.__name__: rule for rule in (own_code, sound_code, required_members, known_head_office)
}


def faults(rules: Mapping[str, Rule], application: Application) -> Iterator[dict[str, str]]:
    """The faults of an application, one for each broken rule."""
    for name, rule in rules.items():
        pointer = rule(application)
        if pointer is not None:
            yield {"pointer": pointer, "message": f"violates {name}"}


def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
    """The institution after a PUT. Admitting again updates it, but neither its status nor its first day."""
    stays = existing is not None and existing["status"] != WITHDRAWN
    status = existing["status"] if existing and stays else "active"
    admitted_at = existing["admitted_at"] if existing and stays else now
    return {"institution_id": institution_id, **body, "status": status, "admitted_at": admitted_at}


def may_become(statuses: Mapping[str, Mapping[str, Any]], present: str, wanted: str) -> bool:
    """True if a status can become another, by the code set; the present one is always allowed."""
    return wanted == present or wanted in statuses[present]["next"]


def effective_status(institution: Document, head_office: Document | None) -> str:
    """The status of an institution: its own, or that of its head office where that is worse."""
    if institution["status"] != "active" or head_office is None:
        return str(institution["status"])
    return str(head_office["status"])


def view(institution: Document) -> dict[str, Any]:
    """The institution as the hub and the institution itself read it."""
    return dict(institution)


def refusal(status: str) -> str | None:
    """Problem code for a party of this status, on every request: tokens already issued stop too."""
    codes: Mapping[str, str] = {"suspended": "institution_suspended", "withdrawn": "institution_not_admitted"}
    return codes.get(status)
