"""Records of one subject, and everybody who may ask for them: the scene of the disclosure matrix.

Who asks follows from the codes: an audience is a class of institutions, a role of clients with the scope
`query`, or the subject itself. Each asks without authorization, with one that was given to somebody else,
and where a subject can authorize it with its own: the enterprise's alone, and the person's beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance.actors import records
from conformance.actors.authorizations import Grant
from conformance.actors.institution import Institution
from conformance.actors.network import Cast
from conformance.actors.source import ON_DEMAND
from conformance.actors.subject import Subject
from conformance.actors.views import SUBJECT, telling_amounts
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Code, Item
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.wire import Credential, Reply
from conformance.oracles.disclosure import ExpectedField, view
from conformance.oracles.validate import item_validator

QUERY = "query"
PERSON = "natural_person"
TRIES = 20


class State(StrEnum):
    """By what right somebody asks."""

    NONE = "none"
    FOREIGN = "foreign"
    """Citing authorizations that were given to somebody else."""
    AUTHORIZED = "authorized"
    """With the authorization of the subject."""
    CONSENTED = "consented"
    """With that of the person in the records too."""


@dataclass(frozen=True, slots=True)
class Look:
    """One audience that asks in one state."""

    audience: str
    state: State
    viewer: Credential
    cited: tuple[Grant, ...] = ()
    authorized: bool = False
    persons: frozenset[str] = frozenset()

    @property
    def purpose(self) -> str:
        return "self_inquiry" if self.audience == SUBJECT else "pre_loan"


@dataclass(frozen=True, slots=True)
class Exhibition:
    """What is stored about a subject, and who looks at it."""

    cast: Cast
    subject: Subject
    person: Subject
    """The natural person whom the records name, wherever they name one by an identity number."""
    contents: Mapping[str, Mapping[str, Any]]
    """By code of the item."""
    items: tuple[Item, ...]
    missing: tuple[NotVerified, ...] = ()
    """Why the records of other items could not be held ready at their source."""
    _grants: dict[str, tuple[Grant, ...]] = field(default_factory=dict)

    @property
    def reachable(self) -> tuple[str, ...]:
        return reachable(self.cast.ctx.standard, self.cast.ctx.target)

    def looks(self, *states: State, audiences: Iterable[str] = ()) -> Iterator[Look]:
        """Every look, or those in some states and of some audiences."""
        wanted = set(states or State)
        foreign = self.grants(self.cast.institution()) if State.FOREIGN in wanted else ()
        for audience in audiences or self.reachable:
            institution, viewer = self._viewer(audience)
            for state in (s for s in State if s in wanted):
                if state in {State.NONE, State.FOREIGN}:
                    asserted = self._persons(consented=False) if audience == SUBJECT else frozenset[str]()
                    others = foreign if state is State.FOREIGN else ()
                    yield Look(audience, state, viewer, others, persons=asserted)
                elif institution:
                    own = self.grants(institution)
                    consented = state is State.CONSENTED
                    cited = own if consented else own[:1]
                    yield Look(audience, state, viewer, cited, True, self._persons(consented=consented))

    def _persons(self, *, consented: bool) -> frozenset[str]:
        """Whose consent counts: a natural person speaks for itself, whatever it is asked for."""
        return frozenset({self.person.value} if consented or self.person is self.subject else ())

    def grants(self, institution: Institution) -> tuple[Grant, ...]:
        """The authorizations of the subject and of the person beside it, given once."""
        if institution.id not in self._grants:
            own = self.cast.authorize(self.subject, institution, *self.items)
            # A second one of the same person would take the place of the first.
            others = () if self.person is self.subject else (self.person,)
            consents = (self.cast.authorize(person, institution, *self.items) for person in others)
            self._grants[institution.id] = (own, *consents)
        return self._grants[institution.id]

    def ask(self, look: Look, *items: Item) -> Reply:
        return self.cast.ask(look.viewer, self.subject, items or self.items, look.cited, look.purpose)

    def expected(self, look: Look, item: Item) -> Mapping[str, ExpectedField]:
        """What the standard lets this look see of the item's record."""
        return view(
            self.cast.ctx.standard,
            item,
            self.contents[item.code],
            self.subject.type,
            look.audience,
            look.authorized,
            look.persons,
        )

    def _viewer(self, audience: str) -> tuple[Institution | None, Credential]:
        if audience == SUBJECT:
            return None, self.subject.token()
        standard = self.cast.ctx.standard
        for code in standard.codes["institution_class"].codes.values():
            if code.properties.get("audience") == audience:
                institution = self.cast.institution(code.code)
                return institution, institution.token
        return None, self.cast.client(_client(standard, self.cast.ctx.target, audience))


def exhibit(ctx: Context, subject_type: str, items: Iterable[Item]) -> Exhibition:
    """A stored record of each item about one subject, all fields filled, amounts and identities telling."""
    cast = Cast(ctx)
    subject = cast.subject(subject_type)
    person = subject if subject_type == PERSON else cast.subject(PERSON)
    contents: dict[str, Mapping[str, Any]] = {}
    missing: list[NotVerified] = []
    wanted = tuple(items)
    for item in wanted:
        try:
            record = cast.stored(item, subject, _content(ctx, item, subject, person), optional=False)
        except NotVerified as why:
            if item.collection_mode != ON_DEMAND:
                raise
            missing.append(why)
        else:
            contents[item.code] = record["content"]
    shown = tuple(item for item in wanted if item.code in contents)
    return Exhibition(cast, subject, person, contents, shown, tuple(missing))


def exhibit_record(ctx: Context, item: Item, subject: Subject, record: dict[str, Any]) -> Exhibition:
    """One record, stored as it is."""
    cast = Cast(ctx)
    cast.provide(item, subject, record)
    person = cast.subject(PERSON)
    return Exhibition(cast, subject, person, {item.code: record["content"]}, (item,))


def audiences(standard: Standard) -> tuple[str, ...]:
    """Every audience that can ask through a query on some platform."""
    askers = {code.properties["audience"] for code in _askers(standard)} | {SUBJECT}
    return tuple(name for name in standard.codes["audience"].codes if name in askers)


def claimed(standard: Standard, target: Target) -> tuple[str, ...]:
    """The audiences that this platform answers."""
    known = [c for c in _askers(standard) if c.properties.get("capability") in (None, *target.capabilities)]
    askers = {code.properties["audience"] for code in known} | {SUBJECT}
    return tuple(name for name in audiences(standard) if name in askers)


def reachable(standard: Standard, target: Target) -> tuple[str, ...]:
    """Those of them that the suite can play."""
    missing = missing_audiences(standard, target)
    return tuple(name for name in claimed(standard, target) if name not in missing)


def missing_audiences(standard: Standard, target: Target) -> tuple[str, ...]:
    """Audiences of this platform for which no client is configured."""
    classes = {c.properties["audience"] for c in standard.codes["institution_class"].codes.values()}
    asking = [name for name in claimed(standard, target) if name not in {SUBJECT, *classes}]
    return tuple(name for name in asking if _client(standard, target, name) not in target.clients)


def _askers(standard: Standard) -> Iterator[Code]:
    """Classes and roles whose tokens have the scope of queries."""
    for name in ("institution_class", "client_role"):
        codes = standard.codes[name].codes.values()
        yield from (code for code in codes if QUERY in code.properties["scopes"])


def _client(standard: Standard, target: Target, audience: str) -> str:
    """The role whose client asks as this audience; one that is configured, if there are several."""
    roles = [
        code.code
        for code in standard.codes["client_role"].codes.values()
        if code.properties["audience"] == audience and QUERY in code.properties["scopes"]
    ]
    return next((role for role in roles if role in target.clients), roles[0])


def _content(ctx: Context, item: Item, subject: Subject, person: Subject) -> Mapping[str, Any]:
    """All fields filled, telling as far as that obeys the item: a number may have to be that of a company."""
    broken, wanted = item_validator(item), _telling(ctx, item, person)
    for fixed in (*[wanted] * TRIES, {}):
        content = records.content(ctx.world, item, subject, fixed, optional=True)
        if not broken(content):
            break
    return content


def _telling(ctx: Context, item: Item, person: Subject) -> dict[str, Any]:
    """Amounts that no reply holds by chance, and the person wherever one can be identified."""
    fixed: dict[str, Any] = dict(telling_amounts(ctx, item))
    for name in {one.person.identified_by for one in item.fields if one.person}:
        if name and records.takes(item.field(name), person):
            fixed |= records.identity_of(item, name, person)
    return fixed
