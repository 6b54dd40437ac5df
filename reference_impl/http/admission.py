"""Admission: institutions are admitted, suspended and withdrawn by the hub."""

from typing import Any

from reference_impl.policy import admission
from reference_impl.policy.model import Refusal
from reference_impl.wire.message import Call, Reply


def put_institution(call: Call) -> Reply:
    institution_id = call.request.parameters["institution_id"]
    errors = list(admission.faults(call.parts.admission_rules, _application(call, institution_id)))
    if errors:
        raise Refusal("invalid_request", errors=errors)
    existing = call.store.institutions.get(institution_id)
    institution = call.parts.admit(institution_id, call.body, existing, call.at)
    call.store.institutions.put(institution)
    call.note("admission", institution["status"], recipient=institution_id)
    return Reply(200 if existing else 201, call.parts.institution_view(institution))


def _application(call: Call, institution_id: str) -> admission.Application:
    body = call.body
    return admission.Application(
        institution_id=institution_id,
        body=body,
        head_office=call.store.institutions.get(body["head_office"]) if "head_office" in body else None,
        taken=institution_id in call.settings.trust.clients,
        required=tuple(call.parts.codes["institution_class"][body["class"]].get("requires", ())),
        code_is_sound=call.parts.sound_code,
    )


def get_institution(call: Call) -> Reply:
    institution_id = call.request.parameters["institution_id"]
    if call.party.role != "hub" and call.party.client_id != institution_id:
        raise Refusal("forbidden")
    return Reply(200, call.parts.institution_view(_known(call, institution_id)))


def patch_status(call: Call) -> Reply:
    institution = _known(call, call.request.parameters["institution_id"])
    wanted = call.body["status"]
    if not call.parts.may_become(institution["status"], wanted):
        raise Refusal("conflict")
    changed = {**institution, "status": wanted}
    call.store.institutions.put(changed)
    if wanted == admission.WITHDRAWN:
        call.parts.lapse_all(call, changed["institution_id"])
    call.note("institution_status", changed["status"], recipient=changed["institution_id"])
    return Reply(200, call.parts.institution_view(changed))


def _known(call: Call, institution_id: str) -> dict[str, Any]:
    found: dict[str, Any] | None = call.store.institutions.get(institution_id)
    if found is None:
        raise Refusal("not_found")
    return found
