"""The way of every request: caller, permission, form of the request, idempotency, handler."""

import logging
import math
import traceback
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from reference_impl.groups import Parts
from reference_impl.http.operations import Handlers
from reference_impl.http.worker import Worker
from reference_impl.knowledge import Knowledge
from reference_impl.parts.base import BaseParts
from reference_impl.parts.docking import DockingParts, network_status, stopped
from reference_impl.parts.idempotency import IdempotencyParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.source import SourceParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Caller, Problem, Refusal
from reference_impl.policy.source import Consultation, Unanswered
from reference_impl.settings import Settings
from reference_impl.store.engine import Database
from reference_impl.store.idempotency import Idempotency
from reference_impl.store.keys import KeyStore
from reference_impl.store.repository import Store
from reference_impl.wire.contract import Contract, Operation
from reference_impl.wire.message import JSON, Call, Handler, Reply, Request

LOG = logging.getLogger("reference_impl")
NO_REQUEST = Request("", "", {}, {}, {}, b"")
"""The request of background work."""
HOUR = 3600


@dataclass(frozen=True)
class Platform:
    """A composed platform; the adapter calls `serve`."""

    settings: Settings
    knowledge: Knowledge
    parts: Parts
    handlers: Handlers
    database: Database
    keys: KeyStore

    @property
    def contract(self) -> Contract:
        """The published API."""
        return self.knowledge.contract

    @cached_property
    def worker(self) -> Worker:
        """The thread of the work that replies leave behind."""
        return Worker(self._work)

    def _work(self) -> bool:
        """One bounded piece of the work that replies left behind, durable when it returns."""
        try:
            with self.database.transaction(write=True) as connection:
                call = self._call("work", NO_REQUEST, Store(connection, self.keys), Consultation())
                return any(work(call) for work in self.handlers.work)
        except Exception as error:  # noqa: BLE001 (the thread has no caller but the log)
            log_fault("work", error)
            return False

    def serve(self, operation: Operation, request: Request) -> Reply:
        """Answer one request in one transaction: what is answered is committed, what is refused undone."""
        try:
            reply = self._settled(operation, request)
        except Refusal as refusal:
            reply = self.parts[WireParts].problem(refusal.problem)
        except Exception as error:  # noqa: BLE001 (the last resort; the caller learns nothing of it)
            log_fault(operation.id, error)
            reply = self.parts[WireParts].problem(Problem("internal_error"))
        if operation.id in self.handlers.waking:
            self.worker.wake()
        return self.parts[WireParts].finish(operation.id, reply)

    def _settled(self, operation: Operation, request: Request) -> Reply:
        """The reply, once every source that the request needs was asked.

        Nothing waits for a source within a transaction: it would hold up everybody else. What was done
        until then is undone, the sources are asked, and the request is answered from the start with what
        they said, so that an authorization that ended meanwhile opens nothing.
        """
        try:
            return self._attempt(operation, request, Consultation())
        except Unanswered as pending:
            answers = self.parts[SourceParts].ask_sources(self, pending.questions)
            return self._attempt(operation, request, Consultation(answers, final=True))

    def _attempt(self, operation: Operation, request: Request, consultation: Consultation) -> Reply:
        with self.database.transaction(write=operation.writes) as connection:
            call = self._call(operation.id, request, Store(connection, self.keys), consultation)
            try:
                reply = self._answer(operation, call)
            except Refusal:
                consultation.close()  # refused for want of an answer: ask before it counts
                raise
            consultation.close()
            return reply

    def _answer(self, operation: Operation, call: Call) -> Reply:
        parts = call.parts
        if not operation.public:
            call = replace(call, caller=_caller(operation, call))
        status = network_status(call)
        if parts[DockingParts].stops(operation.id, status):
            raise stopped(status, call)
        parts[WireParts].negotiate(operation, call.request)
        call = replace(call, body=_body(operation, call))
        handler = self.handlers.by_operation[operation.id]
        return _once(call, handler) if operation.creates else handler(call)

    def _call(self, operation: str, request: Request, store: Store, consultation: Consultation) -> Call:
        return Call(
            operation=operation,
            request=request,
            body=None,
            caller=None,
            now=self.parts[BaseParts].clock(),
            store=store,
            parts=self.parts,
            settings=self.settings,
            parameters=self.knowledge.parameters,
            keys=self.keys,
            consultation=consultation,
        )


def log_fault(operation: str, error: BaseException) -> None:
    """Log the place of a fault without its message: messages quote values, and values may be personal."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("%s failed with %s\n%s", operation, type(error).__name__, frames)


def _caller(operation: Operation, call: Call) -> Caller:
    """The authenticated caller. Raises Refusal where it may not use the operation now."""
    security = call.parts[SecurityParts]
    caller = security.authenticate(call)
    _pace(call, caller)
    security.check_standing(call, caller)
    if not security.permits(operation, caller):
        raise Refusal("forbidden")
    return caller


def _pace(call: Call, caller: Caller) -> None:
    """Raises Refusal, with Retry-After, for a client that is over its rate."""
    if call.consultation.final:  # the same request once more
        return
    wait = call.parts[DockingParts].throttle(caller.client_id, call.operation)
    if wait > 0:
        raise Refusal("rate_limited", headers={"Retry-After": str(math.ceil(wait))})


def _body(operation: Operation, call: Call) -> Any:
    request = call.request
    if request.media_type != JSON or (not request.body and not operation.body_required):
        return None
    body = call.parts[WireParts].parse(request.body)
    errors = call.parts[WireParts].request_errors(operation.id, JSON, body)
    if errors:
        raise Refusal("invalid_request", errors=errors)
    return body


def _once(call: Call, handler: Handler) -> Reply:
    """Run a creating operation once for its key. Only a successful reply is remembered."""
    group, replies = call.parts[IdempotencyParts], call.store[Idempotency]
    key = group.idempotency_key(call.request)
    if key is None:
        return handler(call)
    now = int(call.now.timestamp())
    replies.forget(now)
    digest = sha256(call.request.media_type.encode() + b"\0" + call.request.body).hexdigest()
    earlier = group.recall(call, key)
    if earlier is None:
        reply = handler(call)
        document = {"status": reply.status, "body": reply.body, "headers": dict(reply.headers)}
        until = now + call.settings.limits.idempotency_hours * HOUR
        owner = call.party.client_id
        replies.put(owner, call.operation, key, expires_at=until, body_digest=digest, reply=document)
        return reply
    if not group.same_request(earlier[0], digest):
        raise Refusal("idempotency_conflict")
    return Reply(**earlier[1])
