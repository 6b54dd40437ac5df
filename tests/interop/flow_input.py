"""What a flow program is given: addresses, keys and people; what it does with them is its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conformance.actors import Network
from conformance.loader import load_target
from conformance.model.judgement import Case
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.runner import Session, open_session
from tests.system.processes import serving

CAPACITY, ASSURANCE, PURPOSE = "legal_representative", "high", "pre_loan"


@contextmanager
def flow_input(folder: Path, standard: Standard) -> Iterator[Mapping[str, Any]]:
    """A reference platform of its own for as long as it lasts, and all that a client of it has to know."""
    with serving(folder, own_standard=standard) as line:
        target = load_target(line.workspace.target)
        with open_session(target, standard, 0, "clients") as session:
            yield {"base_url": target.base_url, **_clients(session), **_story(session)}


def _clients(session: Session) -> dict[str, Any]:
    """Clients that the platform knows already, by their role."""
    clients = session.target.clients
    parties = {
        role: {"client_id": clients[role].client_id, "key": _key(session, clients[role].key)}
        for role in ("hub", "provider")
    }
    return {**parties, "issuer": {"name": session.target.issuer, "key": _key(session, "issuer")}}


def _story(session: Session) -> dict[str, Any]:
    """A bank that nobody has admitted, a subject that nobody knows, and a record about it."""
    ctx = session.context(Case("DOC-001", "clients"))
    network = Network(ctx)
    bank, subject = network.candidate(), network.subject()
    item = max(_items(ctx.standard, subject.type), key=lambda one: len({f.sensitivity for f in one.fields}))
    seconds = ctx.standard.parameter("AUT-003", "revocation_effect_seconds").value
    return {
        "institution": {"body": bank.body, "key": _key(session, bank.key)},
        "subject": {**subject.named_reference, "capacity": CAPACITY, "assurance": ASSURANCE},
        "authorization": subject.authorization_body(bank, item),
        "record": network.provider.record(item, subject, optional=True),
        "item_code": item.code,
        "purpose": PURPOSE,
        "revocation_effect_seconds": seconds,
    }


def _items(standard: Standard, subject_type: str) -> Iterator[Item]:
    """Items that are delivered about such a subject, and disclosed to whom it authorizes."""
    for item in standard.checklist.items:
        delivered = item.collection_mode == "physical" and subject_type in item.subject_types
        if delivered and item.disclosure == "authorized":
            yield item


def _key(session: Session, name: str) -> dict[str, Any]:
    """The private key of a party that the suite plays; it lasts as long as the platform."""
    return dict(session.keys.key(name).as_dict(private=True))
