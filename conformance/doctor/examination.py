"""The examination: probes in the order in which each layer rests on the one before."""

from collections.abc import Callable, Iterator
from typing import Protocol

from conformance.doctor.claims import probe_claims
from conformance.doctor.credentials import Send, probe_clients, probe_issuer, probe_keys
from conformance.doctor.diagnosis import Broken, Diagnosis, ProbeState, fail, healthy, ok, warn
from conformance.doctor.http import probe_descriptor
from conformance.doctor.transport import probe_transport
from conformance.expect.outcomes import Undecided
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message

Subject = tuple[str, str, str]


class TrustedProbes(Protocol):
    """Probes that need a platform that trusts the suite; None where nothing is wrong."""

    def loaded(self) -> Message | None:
        """The sign that the platform has not loaded the agreed data set."""

    def reach(self) -> Message | None:
        """The reason for which the platform does not reach the data sources that the suite simulates."""


def examine(
    target: Target,
    standard: Standard,
    connect: Callable[[], Send],
    subject: Subject,
    probes: TrustedProbes | None = None,
) -> Iterator[Diagnosis]:
    """Examine the target; `connect` opens the wire once the layers below hold, `probes` need its trust."""
    keys = tuple(probe_keys(target))
    yield from keys
    try:
        yield from probe_transport(target)
        descriptor, diagnoses = probe_descriptor(target)
        yield from diagnoses
        yield from probe_claims(descriptor, target, standard)
        if not any(key.state is ProbeState.FAIL for key in keys):
            trusted = tuple(_trust(target, standard, connect, subject))
            yield from trusted
            if probes and target.environment == "test" and healthy(trusted):
                yield from _data_set(target, probes)
                yield _callback(target, probes)
    except Broken as broken:
        yield broken.diagnosis


def _data_set(target: Target, probes: TrustedProbes) -> Iterator[Diagnosis]:
    if target.data_set is not None:
        reason, args = probes.loaded(), {"id": target.data_set.id}
        yield (
            ok("data_set", "data_set_ok", **args)
            if reason is None
            else fail("data_set", "data_set", reason=reason)
        )


def _callback(target: Target, probes: TrustedProbes) -> Diagnosis:
    """A platform that cannot be called back is no mistake of ours: what needs it is not verified."""
    reason = probes.reach()
    if reason is None:
        return ok("callback", "callback_ok", url=target.provider_url)
    return warn("callback", "callback_missing", reason=reason)


def _trust(
    target: Target, standard: Standard, connect: Callable[[], Send], subject: Subject
) -> Iterator[Diagnosis]:
    try:
        send = connect()
        yield from probe_clients(target, standard, send)
        if target.issuer:
            yield probe_issuer(target, subject, send)
    except Undecided as error:
        raise Broken(fail("wire", "wire_broken", error=error.message)) from error
