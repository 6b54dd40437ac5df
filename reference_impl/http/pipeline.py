"""What every operation goes through: who asks, may they, is the request well formed, was it made before."""

import logging
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from reference_impl.http import (
    admission,
    authorization,
    catalog,
    collection,
    desensitization,
    docking,
    query,
    query_batches,
    security,
)
from reference_impl.http.worker import Worker
from reference_impl.policy.model import Caller, Problem, Refusal
from reference_impl.policy.source import Consultation, Unanswered
from reference_impl.settings import Settings
from reference_impl.store.engine import Database
from reference_impl.store.keys import Vault
from reference_impl.store.records import Store
from reference_impl.wire.contract import Contract, Operation
from reference_impl.wire.message import JSON, Call, Handler, Reply, Request

if TYPE_CHECKING:
    from reference_impl.parts import Parts

LOG = logging.getLogger("reference_impl")

HANDLERS: Mapping[str, Handler] = {
    "getPlatformDescriptor": docking.get_descriptor,
    "getHealth": docking.get_health,
    "postNetworkNotice": docking.post_notice,
    "issueToken": security.issue_token,
    "listAuditEvents": security.list_audit_events,
    "putInstitution": admission.put_institution,
    "getInstitution": admission.get_institution,
    "patchInstitutionStatus": admission.patch_status,
    "createAuthorization": authorization.create,
    "listAuthorizations": authorization.list_own,
    "getAuthorization": authorization.read,
    "revokeAuthorization": authorization.revoke,
    "createBatch": collection.create,
    "getBatch": collection.read,
    "getCatalog": catalog.list_items,
    "getCatalogItem": catalog.get_item,
    "createQuery": query.create,
    "createQueryBatch": query_batches.create,
    "getQueryBatch": query_batches.read,
    "getQueryBatchResults": query_batches.read_results,
    "previewDesensitization": desensitization.preview,
}


QUEUES = frozenset({"createQueryBatch", "getQueryBatch"})
"""Operations that leave work behind, or whose caller waits for it."""
NOTHING = Request("", "", {}, {}, {}, b"")
HOUR = 3600


@dataclass(frozen=True)
class Platform:
    """A platform put together; `serve` is all that the adapter needs."""

    settings: Settings
    contract: Contract
    parts: "Parts"
    database: Database
    vault: Vault

    @cached_property
    def worker(self) -> Worker:
        return Worker(self._work)

    def _work(self) -> bool:
        """One bounded piece of the work that replies left behind, durable when it is done."""
        try:
            with self.database.transaction(write=True) as connection:
                call = self._call("work", NOTHING, Store(connection, self.vault), Consultation())
                return query_batches.advance(call)
        except Exception as error:  # noqa: BLE001 (the thread has nobody to tell but the log)
            log_fault("work", error)
            return False

    def serve(self, operation: Operation, request: Request) -> Reply:
        """Answer one request in one transaction: what is answered is committed, what is refused undone."""
        try:
            reply = self._settled(operation, request)
        except Refusal as refusal:
            reply = self.parts.problem(refusal.problem)
        except Exception as error:  # noqa: BLE001 (the last resort; the caller learns nothing of it)
            log_fault(operation.id, error)
            reply = self.parts.problem(Problem("internal_error"))
        if operation.id in QUEUES:
            self.worker.wake()
        return self.parts.finish(operation.id, reply)

    def _settled(self, operation: Operation, request: Request) -> Reply:
        """The reply, once every source that the request needs was asked.

        Nothing waits for a source within a transaction: it would hold up everybody else. What was done
        until then is undone, the sources are asked, and the request is answered from the start with what
        they said, so that an authorization that ended meanwhile opens nothing.
        """
        try:
            return self._attempt(operation, request, Consultation())
        except Unanswered as pending:
            answers = self.parts.ask_sources(self, pending.questions)
            return self._attempt(operation, request, Consultation(answers, final=True))

    def _attempt(self, operation: Operation, request: Request, consultation: Consultation) -> Reply:
        with self.database.transaction(write=operation.writes) as connection:
            call = self._call(operation.id, request, Store(connection, self.vault), consultation)
            try:
                reply = _answer(operation, call)
            except Refusal:
                consultation.close()  # refused for want of an answer: ask before it counts
                raise
            consultation.close()
            return reply

    def _call(self, operation: str, request: Request, store: Store, consultation: Consultation) -> Call:
        return Call(
            operation=operation,
            request=request,
            body=None,
            caller=None,
            now=self.parts.clock(),
            store=store,
            parts=self.parts,
            settings=self.settings,
            vault=self.vault,
            consultation=consultation,
        )


def log_fault(operation: str, error: BaseException) -> None:
    """Where it failed, without the message: messages quote values, and values may be personal."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("%s failed with %s\n%s", operation, type(error).__name__, frames)


def _answer(operation: Operation, call: Call) -> Reply:
    parts = call.parts
    if not operation.public:
        caller = parts.authenticate(call)
        _pace(call, caller)
        parts.check_standing(call, caller)
        if not parts.permits(operation, caller):
            raise Refusal("forbidden")
        call = replace(call, caller=caller)
    status = docking.network_status(call)
    if parts.stops(operation.id, status):
        raise docking.stopped(status, call)
    parts.negotiate(operation, call.request)
    call = replace(call, body=_body(operation, call))
    handler = HANDLERS[operation.id]
    return _once(call, handler) if operation.creates else handler(call)


def _pace(call: Call, caller: Caller) -> None:
    """Refuse a client that is over its rate, and say when it may come again."""
    if call.consultation.final:  # the same request once more
        return
    wait = call.parts.throttle(caller.client_id, call.operation)
    if wait > 0:
        raise Refusal("rate_limited", headers={"Retry-After": str(math.ceil(wait))})


def _body(operation: Operation, call: Call) -> Any:
    request = call.request
    if request.media_type != JSON or (not request.body and not operation.body_required):
        return None
    body = call.parts.parse(request.body)
    errors = call.parts.request_errors(operation.id, JSON, body)
    if errors:
        raise Refusal("invalid_request", errors=errors)
    return body


def _once(call: Call, handler: Handler) -> Reply:
    """Run a creating operation once for its key. Only what succeeded is remembered."""
    key = call.parts.idempotency_key(call.request)
    if key is None:
        return handler(call)
    replies, name = call.store.idempotency, call.party.client_id
    now = int(call.now.timestamp())
    replies.forget(now)
    digest = sha256(call.request.media_type.encode() + b"\0" + call.request.body).hexdigest()
    earlier = call.parts.recall(call, key)
    if earlier is None:
        reply = handler(call)
        document = {"status": reply.status, "body": reply.body, "headers": dict(reply.headers)}
        until = now + call.settings.limits.idempotency_hours * HOUR
        replies.put(name, call.operation, key, expires_at=until, body_digest=digest, reply=document)
        return reply
    if not call.parts.same_request(earlier[0], digest):
        raise Refusal("idempotency_conflict")
    return Reply(**earlier[1])
