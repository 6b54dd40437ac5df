"""The doctor's diagnoses on the terminal: one line each, with the remedy below what is wrong."""

import secrets
import time
from contextlib import ExitStack
from random import Random

from conformance.cli.shared.voice import Voice
from conformance.doctor import Diagnosis, ProbeState, examine, wait_until_answering
from conformance.doctor.credentials import Send
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.model.wire import Reply, Request
from conformance.runner import Session, open_session
from conformance.synth import identities

_MARKS = {ProbeState.OK: "✓", ProbeState.WARN: "!", ProbeState.FAIL: "✗"}


def wait_for_target(target: Target, seconds: float | None, voice: Voice) -> None:
    """Wait until the platform answers, at most so many seconds; None does not wait. Says so on stderr."""
    if seconds is None:
        return
    voice.note("waiting", url=target.base_url, seconds=f"{seconds:g}")
    spent = wait_until_answering(target, seconds)
    if spent is not None:
        voice.note("waited", url=target.base_url, seconds=f"{spent:.1f}")


def examine_target(
    standard: Standard, target: Target, voice: Voice, *, quiet: bool = False
) -> Message | None:
    """Examine the target and print the diagnoses. `quiet`: only those that are not OK.

    The message says how many probes failed; None if none did.
    """
    diagnoses = []
    with ExitStack() as stack:
        connection = _Connection(standard, target, stack)
        for diagnosis in examine(target, standard, connection.open, _subject(standard), connection):
            diagnoses.append(diagnosis)
            if not quiet or diagnosis.state is not ProbeState.OK:
                _print_diagnosis(diagnosis, voice)
    failed = [diagnosis for diagnosis in diagnoses if diagnosis.state is ProbeState.FAIL]
    if not failed:
        if not quiet:
            voice.show(Message("doctor.healthy"))
        return None
    conclusion = Message("doctor.unhealthy", {"count": len(failed), "first": failed[0].observation})
    voice.show(conclusion)
    return conclusion


def _print_diagnosis(diagnosis: Diagnosis, voice: Voice) -> None:
    voice.line(f"{_MARKS[diagnosis.state]} {diagnosis.probe:<20} {voice.render(diagnosis.observation)}")
    if diagnosis.advice:
        voice.line(f"  → {voice.render(diagnosis.advice)}")


class _Connection:
    """One session for the examination, opened when the layers below it hold."""

    def __init__(self, standard: Standard, target: Target, stack: ExitStack) -> None:
        self._standard, self._target, self._stack = standard, target, stack
        self._session: Session | None = None

    def open(self) -> Send:
        """Open the session. Raises Inconclusive when the platform cannot be reached."""
        session = open_session(self._target, self._standard, seed=0, nonce=secrets.token_hex(8))
        self._session = self._stack.enter_context(session)
        return self._send

    def loaded(self) -> Message | None:
        """Why the platform does not seem to have the data set that it was to load."""
        return self._opened.loaded()

    def reach(self) -> Message | None:
        """Why the platform does not reach the sources that the suite plays."""
        return self._opened.reach()

    @property
    def _opened(self) -> Session:
        if self._session is None:
            raise RuntimeError("the session has not been opened")
        return self._session

    def _send(self, request: Request) -> Reply:
        return self._opened.wire.exchange(request, time.monotonic() + self._target.timeout)[2]


def _subject(standard: Standard) -> tuple[str, str, str]:
    """Type, scheme and value of a test identity."""
    return "enterprise", "uscc", identities.uscc(Random("doctor"), standard.reserved)
