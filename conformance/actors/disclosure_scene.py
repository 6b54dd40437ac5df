"""Records of one subject, and everybody who may ask for them: the scene of the disclosure matrix.

Each audience asks without authorization, with one that was given to somebody else, and where a subject can
authorize it with its own: the enterprise's alone, and the person's beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance.actors import records
from conformance.actors.audiences import SUBJECT, client_role, institution_class, reachable_audiences
from conformance.actors.authorizations import PRE_LOAN, Grant
from conformance.actors.inquirer import Inquirer
from conformance.actors.institution import Institution
from conformance.actors.network import Network
from conformance.actors.source import ON_DEMAND
from conformance.actors.subject import SELF_INQUIRY, Subject
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Reply
from conformance.oracles.disclosure import ExpectedField, view
from conformance.oracles.validate import item_validator
from conformance.synth.content import ADDS

CURRENCY = "CNY"
PERSON = "natural_person"
MOST_TRIES = 20


class Entitlement(StrEnum):
    """By what right somebody asks."""

    NONE = "none"
    FOREIGN = "foreign"
    """Citing authorizations that were given to somebody else."""
    AUTHORIZED = "authorized"
    """With the authorization of the subject."""
    CONSENTED = "consented"
    """With that of the person in the records too."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """One audience that asks by one right."""

    audience: str
    entitlement: Entitlement
    viewer: Inquirer
    citing: tuple[Grant, ...] = ()
    authorized: bool = False
    persons: frozenset[str] = frozenset()
    """Identifiers of the natural persons whose consent counts."""

    @property
    def purpose(self) -> str:
        """The purpose that the audience states."""
        return SELF_INQUIRY if self.audience == SUBJECT else PRE_LOAN


@dataclass(frozen=True, slots=True)
class DisclosureScene:
    """Stored records of a subject, and the viewpoints from which they are asked for."""

    network: Network
    subject: Subject
    person: Subject
    """The natural person whom the records name, wherever they name one by an identity number."""
    contents: Mapping[str, Mapping[str, Any]]
    """By code of the item."""
    items: tuple[Item, ...]
    unavailable: tuple[NotVerified, ...] = ()
    """Why the records of other items could not be held ready at their source."""
    _grants: dict[str, tuple[Grant, ...]] = field(default_factory=dict)

    @property
    def reachable(self) -> tuple[str, ...]:
        """The audiences that the suite can play."""
        return reachable_audiences(self.network.ctx.standard, self.network.ctx.target)

    def viewpoints(self, *entitlements: Entitlement, audiences: Iterable[str] = ()) -> Iterator[Viewpoint]:
        """Every viewpoint, or those with some entitlements and of some audiences."""
        selected = set(entitlements or Entitlement)
        foreign = self.grants(self.network.institution()) if Entitlement.FOREIGN in selected else ()
        for audience in audiences or self.reachable:
            viewer = self._viewer(audience)
            for entitlement in (e for e in Entitlement if e in selected):
                if entitlement in {Entitlement.NONE, Entitlement.FOREIGN}:
                    persons = self._persons(consented=False) if audience == SUBJECT else frozenset[str]()
                    citing = foreign if entitlement is Entitlement.FOREIGN else ()
                    yield Viewpoint(audience, entitlement, viewer, citing, persons=persons)
                elif isinstance(viewer, Institution):
                    grants = self.grants(viewer)
                    consented = entitlement is Entitlement.CONSENTED
                    citing = grants if consented else grants[:1]
                    persons = self._persons(consented=consented)
                    yield Viewpoint(audience, entitlement, viewer, citing, True, persons)

    def _persons(self, *, consented: bool) -> frozenset[str]:
        """Persons whose consent counts: a natural person always consents to queries about itself."""
        return frozenset({self.person.value} if consented or self.person is self.subject else ())

    def grants(self, institution: Institution) -> tuple[Grant, ...]:
        """The authorizations of the subject and of the person beside it, given once."""
        if institution.id not in self._grants:
            subject_grant = self.subject.authorize(institution, *self.items)
            # A second one of the same person would take the place of the first.
            persons = () if self.person is self.subject else (self.person,)
            consents = (person.authorize(institution, *self.items) for person in persons)
            self._grants[institution.id] = (subject_grant, *consents)
        return self._grants[institution.id]

    def ask(self, viewpoint: Viewpoint, *items: Item) -> Reply:
        """The reply to a query for some items, or for all, from a viewpoint."""
        queried_items = items or self.items
        return viewpoint.viewer.query(
            self.subject, *queried_items, citing=viewpoint.citing, purpose=viewpoint.purpose
        )

    def expected(self, viewpoint: Viewpoint, item: Item) -> Mapping[str, ExpectedField]:
        """The view of the item's record that the standard gives this viewpoint."""
        return view(
            self.network.ctx.standard,
            item,
            self.contents[item.code],
            self.subject.type,
            viewpoint.audience,
            viewpoint.authorized,
            viewpoint.persons,
        )

    def _viewer(self, audience: str) -> Inquirer:
        if audience == SUBJECT:
            return self.subject
        standard, target = self.network.ctx.standard, self.network.ctx.target
        cls = institution_class(standard, audience)
        if cls is not None:
            return self.network.institution(cls)
        return self.network.client(client_role(standard, target, audience))


def set_scene(ctx: Context, subject_type: str, items: Iterable[Item]) -> DisclosureScene:
    """A stored record of each item about one subject: all fields filled, amounts and identities distinctive.

    Raises NotVerified where a record cannot be stored, unless its item stays at the source.
    """
    network = Network(ctx)
    subject = network.subject(subject_type)
    person = subject if subject_type == PERSON else network.subject(PERSON)
    contents: dict[str, Mapping[str, Any]] = {}
    reasons: list[NotVerified] = []
    candidates = tuple(items)
    for item in candidates:
        try:
            content = _content(ctx, item, subject, person)
            record = network.provider.store(item, subject, content, optional=False)
        except NotVerified as reason:
            if item.collection_mode != ON_DEMAND:
                raise
            reasons.append(reason)
        else:
            contents[item.code] = record["content"]
    stored_items = tuple(item for item in candidates if item.code in contents)
    return DisclosureScene(network, subject, person, contents, stored_items, tuple(reasons))


def set_scene_of_record(
    ctx: Context, item: Item, subject: Subject, record: dict[str, Any]
) -> DisclosureScene:
    """One record, stored as it is."""
    network = Network(ctx)
    network.provider.provide(item, subject, record)
    person = network.subject(PERSON)
    return DisclosureScene(network, subject, person, {item.code: record["content"]}, (item,))


def distinctive_amounts(ctx: Context, item: Item) -> dict[str, str]:
    """Amounts that no reply holds by chance, each its own: one lawfully shown must not excuse another.

    Those that a rule compares are the same, so that it holds. Where a rule adds amounts up, its first one
    follows from the others and is left to them.
    """
    amounts = {field.name: distinctive_amount(ctx) for field in item.fields if field.unit == CURRENCY}
    for rule in item.rules:
        if ADDS.search(rule.expression):
            amounts.pop(rule.fields[0], None)
            continue
        compared = [amounts[name] for name in rule.fields if name in amounts]
        amounts = {name: compared[0] if amount in compared else amount for name, amount in amounts.items()}
    return amounts


def distinctive_amount(ctx: Context) -> str:
    """A decimal of nine digits before the point and two behind it."""
    random = ctx.world.random
    return f"{random.randrange(10**8, 10**9)}.{random.randrange(10, 100)}"


def _content(ctx: Context, item: Item, subject: Subject, person: Subject) -> Mapping[str, Any]:
    """All fields filled, and distinctive as far as the item allows: a number may have to be a company's."""
    violations, distinctive = item_validator(item), _distinctive_values(ctx, item, person)
    for fixed in (*[distinctive] * MOST_TRIES, {}):
        content = records.content(ctx.world, item, subject, fixed, optional=True)
        if not violations(content):
            break
    return content


def _distinctive_values(ctx: Context, item: Item, person: Subject) -> dict[str, Any]:
    """Distinctive amounts, and the person wherever one can be identified."""
    fixed: dict[str, Any] = dict(distinctive_amounts(ctx, item))
    for name in {f.person.identified_by for f in item.fields if f.person}:
        if name and records.takes(item.field(name), person):
            fixed |= records.identity_of(item, name, person)
    return fixed
