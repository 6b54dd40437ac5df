"""The doctor's findings on the terminal, one line each, with the remedy below what is wrong."""

import secrets
import time
from contextlib import ExitStack
from random import Random
from typing import Any

from conformance.cli.shared.voice import Voice
from conformance.doctor import Diagnosis, State, examine
from conformance.doctor.credentials import Send
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.model.wire import Reply, Request

_MARKS = {State.OK: "✓", State.WARN: "!", State.FAIL: "✗"}


def consult(standard: Standard, target: Target, voice: Voice, *, quiet: bool = False) -> Message | None:
    """Examine the target and say what was found; the message says what is wrong, None that nothing is."""
    found = []
    with ExitStack() as opened:
        connection = _Connection(standard, target, opened)
        for diagnosis in examine(target, standard, connection.open, _subject(standard), connection):
            found.append(diagnosis)
            if not quiet or diagnosis.state is not State.OK:
                _show(diagnosis, voice)
    failed = [diagnosis for diagnosis in found if diagnosis.state is State.FAIL]
    if not failed:
        if not quiet:
            voice.line(voice.render(Message("doctor.healthy")))
        return None
    conclusion = Message("doctor.unhealthy", {"count": len(failed), "first": failed[0].found})
    voice.line(voice.render(conclusion))
    return conclusion


def _show(diagnosis: Diagnosis, voice: Voice) -> None:
    voice.line(f"{_MARKS[diagnosis.state]} {diagnosis.probe:<20} {voice.render(diagnosis.found)}")
    if diagnosis.advice:
        voice.line(f"  → {voice.render(diagnosis.advice)}")


class _Connection:
    """One session for the examination, opened when the layers below it hold."""

    def __init__(self, standard: Standard, target: Target, opened: ExitStack) -> None:
        self._standard, self._target, self._opened = standard, target, opened
        self._session: Any = None

    def open(self) -> Send:
        from conformance.runner import open_session

        nonce = secrets.token_hex(8)
        session = open_session(self._target, self._standard, seed=0, nonce=nonce)
        self._session = self._opened.enter_context(session)
        return self._send

    def loaded(self) -> Message | None:
        """Why the platform does not seem to have the data set that it was to load."""
        missing: Message | None = self._session.loaded()
        return missing

    def reach(self) -> Message | None:
        """Why the platform does not reach the sources that the suite plays."""
        reached: Message | None = self._session.reach()
        return reached

    def _send(self, request: Request) -> Reply:
        reply: Reply = self._session.wire.exchange(request, time.monotonic() + self._target.timeout)[2]
        return reply


def _subject(standard: Standard) -> tuple[str, str, str]:
    from conformance.synth import identities

    return "enterprise", "uscc", identities.uscc(Random("doctor"), standard.reserved)
