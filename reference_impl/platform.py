"""The composition root: the parts of an honest platform, and a platform built of parts."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from starlette.types import ASGIApp

from reference_impl import standard
from reference_impl.desensitization import Context
from reference_impl.http import (
    adapter,
    body,
    catalog,
    checklists,
    collection,
    contract,
    docking,
    jose,
    negotiation,
    problems,
    query,
    query_batches,
    security,
    source,
)
from reference_impl.http import authorization as http_authorization
from reference_impl.http.message import Reply
from reference_impl.http.pipeline import HANDLERS, Platform
from reference_impl.parts import Parts
from reference_impl.policy import admission as admission_policy
from reference_impl.policy import audit, authorization, consent, identity, scopes, subjects, tokens
from reference_impl.policy import collection as collection_policy
from reference_impl.policy import docking as docking_policy
from reference_impl.policy import query as query_policy
from reference_impl.policy import source as source_policy
from reference_impl.policy.disclosure import Disclosure
from reference_impl.policy.model import CHINA, Document, Refusal
from reference_impl.policy.rates import Throttle
from reference_impl.policy.timeliness import timeliness
from reference_impl.settings import Settings, Trust
from reference_impl.standard.channels import is_local_repeat, prevailing_channels
from reference_impl.standard.formats import is_uscc
from reference_impl.standard.items import ItemSpec
from reference_impl.standard.parameters import parameters
from reference_impl.standard.source import read
from reference_impl.store.engine import Database
from reference_impl.store.vault import Vault

__all__ = ["Knowledge", "Parts", "Workshop", "build"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is read of the standard in a folder, for a division; many platforms may share it."""

    root: Path
    division: str
    catalogue: standard.Catalogue
    contract: contract.Contract
    parameters: Mapping[str, Any]

    @classmethod
    def of(cls, root: Path, division: str) -> Self:
        catalogue = standard.load(root, division)
        api = contract.load(root, read, catalogue.codes)
        return cls(root, division, catalogue, api, parameters(root, "authorization"))


class Workshop:
    """What is read and opened once: the standard, the API contract, the keys."""

    def __init__(self, settings: Settings, known: Knowledge | None = None) -> None:
        self.settings = settings
        wanted = (settings.root, settings.division_code)
        known = known if known and (known.root, known.division) == wanted else Knowledge.of(*wanted)
        self.catalogue, self.contract = known.catalogue, known.contract
        self.parameters = known.parameters
        self.vault = Vault.open(settings.key_file)
        missing = self.contract.operations.keys() - HANDLERS.keys()
        if missing:
            raise LookupError(f"the API has operations that this platform does not: {sorted(missing)}")

    def parts(self) -> Parts:
        """The parts of a platform that obeys."""
        catalogue, codes = self.catalogue, self.catalogue.codes
        token_key = self.vault.derive("disclosure")
        return Parts(
            catalogue=catalogue,
            codes=codes,
            operator=self.settings.operator,
            clock=partial(datetime.now, CHINA),
            new_id=new_id,
            new_secret=partial(secrets.token_urlsafe, 32),
            problem=partial(problems.render, codes=codes["problem"]),
            negotiate=negotiation.negotiate,
            read_body=body.read,
            parse=body.parse,
            request_errors=self.contract.errors,
            finish=finish,
            describe=docking.describe,
            stops=docking_policy.stops,
            after_notice=docking_policy.after,
            admission_rules=admission_policy.RULES,
            sound_code=is_uscc,
            order_notices=docking_policy.in_order,
            referral=docking.referral,
            admit=admission_policy.admit,
            may_become=partial(admission_policy.may_become, codes["institution_status"]),
            effective_status=admission_policy.effective_status,
            present_role=security.present_role,
            institution_view=admission_policy.view,
            standing=admission_policy.refusal,
            throttle=Throttle(self.settings.limits.rates, time.monotonic).wait,
            check_standing=security.check_standing,
            find_client=security.client,
            find_issuer=find_issuer,
            peek=jose.peek,
            verify=jose.verify,
            first_use=security.first_use,
            client_checks=tokens.CLIENT_CHECKS,
            subject_checks=tokens.SUBJECT_CHECKS,
            granted_scopes=partial(scopes.granted, codes=codes),
            authenticate=security.bearer,
            permits=lambda operation, caller: scopes.allows(caller.scopes, operation.scopes),
            seal=audit.seal,
            parameters=self.parameters,
            check_grant=authorization.check_grant,
            consent_rules=consent.RULES,
            same_consent=authorization.same_consent,
            authorization_record=authorization.record,
            state=partial(authorization.state, transitions=codes["authorization_event"]),
            is_final=lambda state: "final" in codes["authorization_state"][state],
            own_authorizations=http_authorization.own_authorizations,
            replace_older=http_authorization.replace_older,
            supersede=authorization.supersede,
            reinstate=authorization.reinstate,
            lapse_all=http_authorization.lapse_all,
            may_read=authorization.may_read,
            may_revoke=authorization.may_revoke,
            revoke=authorization.revoke,
            conditions=authorization.CONDITIONS,
            idempotency_key=negotiation.idempotency_key,
            recall=lambda call, key: call.store.idempotency.get(call.party.client_id, call.operation, key),
            same_request=lambda earlier, now: earlier == now,
            read_lines=body.lines,
            validate_record=catalogue.validate_record,
            collect=collection.collect,
            supersedes=collection_policy.supersedes,
            record_conflict=collection_policy.conflict,
            hides=lambda version: version.withdraws,
            repeats_locally=self._repeats_locally,
            prevailing=partial(collection_policy.prevailing, prevailing_channels(catalogue.codes)),
            own_batch=lambda caller, sender: caller.client_id == sender,
            in_force=collection_policy.in_force,
            serve_until=collection_policy.serve_until,
            timeliness=partial(timeliness, catalogue.calendar),
            reserved_identity=self._reserved_identity,
            refuse_reserved=self._refuse_reserved,
            knows_item=catalogue.knows,
            asked_edition=catalog.asked_edition,
            overlay=catalog.overlay,
            checklist_versions=checklists.versions,
            catalog=catalog.catalog,
            catalog_entry=catalog.entry,
            check_query=query.check,
            contradictions=subjects.contradictions,
            concerns=subjects.about,
            check_line=query.check_line,
            fit_batch=query_batches.fit,
            hand_out=query_batches.hand_out,
            keep_until=query_batches.keep_until,
            may_read_query_batch=query_policy.may_read_batch,
            find_records=lambda call, code, ids, today: call.store.records.of(code, ids, today),
            find_source=Trust.source_of,
            source_address=source.address,
            source_claims=source_policy.token_claims,
            post_source=source.post,
            read_source=source.read,
            source_request=source_policy.request,
            ask_sources=source.ask_all,
            consult=source.consult,
            may_verify=source_policy.may_verify,
            is_own=query_policy.is_own,
            query_item=query.query_item,
            grant=query_policy.grant,
            serves=catalogue.desensitization.serves,
            view=Disclosure(catalogue, token_key).view,
            token_key=token_key,
            served=query_policy.served,
            arrange=list,
            query_reply=query_policy.reply,
            note_query=query.note_query,
            preview=self._preview,
        )

    def platform(self, parts: Parts) -> Platform:
        database = Database(self.settings.database_url)
        platform = Platform(self.settings, self.contract, parts, database, self.vault)
        platform.worker.wake()  # what an earlier process left behind
        return platform

    def _repeats_locally(self, item: ItemSpec, channel: str) -> bool:
        return is_local_repeat(self.catalogue.codes, item.sharing_mode, channel)

    def _preview(self, type_id: str, kind: str, value: Any, recipient: str) -> dict[str, Any]:
        context = Context(self.vault.derive("preview"), recipient)
        return self.catalogue.desensitization.apply(type_id, kind, value, context)

    def _reserved_identity(self, document: Document) -> str | None:
        if self.settings.environment == "test":
            return None
        return identity.reserved_identity(document, self.catalogue.reserved)

    def _refuse_reserved(self, document: Document) -> None:
        pointer = self._reserved_identity(document)
        if pointer is not None:
            raise Refusal(
                "invalid_request", errors=[{"pointer": pointer, "message": "a reserved test identity"}]
            )


def build(settings: Settings, parts: Parts | None = None) -> ASGIApp:
    """The ASGI application of a platform; without `parts`, of one that obeys."""
    workshop = Workshop(settings)
    return adapter.app(workshop.platform(parts or workshop.parts()))


def new_id(kind: str, _about: Document) -> str:
    """A random identifier: an address tells nothing of whom it is about."""
    return f"{kind[:3]}_{secrets.token_hex(12)}"


def find_issuer(trust: Trust, issuer: object) -> Mapping[str, Any] | None:
    return trust.issuers.get(issuer) if isinstance(issuer, str) else None


def finish(_operation: str, reply: Reply) -> Reply:
    return reply
