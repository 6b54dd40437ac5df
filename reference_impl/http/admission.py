"""Admission: institutions are admitted, suspended and withdrawn by the hub."""

from typing import Any

from reference_impl.http.operations import handles
from reference_impl.parts.admission import AdmissionParts
from reference_impl.parts.authorization import lapse_all
from reference_impl.parts.base import BaseParts
from reference_impl.parts.security import log_event
from reference_impl.policy import admission
from reference_impl.policy.model import Refusal
from reference_impl.store.institutions import Institutions
from reference_impl.wire.message import Call, Reply


@handles("putInstitution")
def put_institution(call: Call) -> Reply:
    """Admit an institution, or update its admission."""
    group, institutions = call.parts[AdmissionParts], call.store[Institutions]
    institution_id = call.request.parameters["institution_id"]
    errors = list(admission.faults(group.rules, _application(call, institution_id)))
    if errors:
        raise Refusal("invalid_request", errors=errors)
    existing = institutions.get(institution_id)
    institution = group.admit(institution_id, call.body, existing, call.at)
    institutions.put(institution)
    log_event(call, "admission", institution["status"], recipient=institution_id)
    return Reply(200 if existing else 201, group.institution_view(institution))


@handles("getInstitution")
def get_institution(call: Call) -> Reply:
    """An admission, for the hub and for the institution itself."""
    institution_id = call.request.parameters["institution_id"]
    if call.party.role != "hub" and call.party.client_id != institution_id:
        raise Refusal("forbidden")
    return Reply(200, call.parts[AdmissionParts].institution_view(_institution(call)))


@handles("patchInstitutionStatus")
def patch_status(call: Call) -> Reply:
    """Change the status of an institution; withdrawal ends its authorizations."""
    group, institution = call.parts[AdmissionParts], _institution(call)
    status = call.body["status"]
    if not group.may_become(institution["status"], status):
        raise Refusal("conflict")
    changed = {**institution, "status": status}
    call.store[Institutions].put(changed)
    if status == admission.WITHDRAWN:
        lapse_all(call, changed["institution_id"])
    log_event(call, "institution_status", status, recipient=changed["institution_id"])
    return Reply(200, group.institution_view(changed))


def _application(call: Call, institution_id: str) -> admission.Application:
    body, institutions = call.body, call.store[Institutions]
    classes = call.parts[BaseParts].catalogue.codes["institution_class"]
    return admission.Application(
        institution_id=institution_id,
        body=body,
        head_office=institutions.get(body["head_office"]) if "head_office" in body else None,
        id_in_use=institution_id in call.settings.trust.clients,
        required=tuple(classes[body["class"]].get("requires", ())),
    )


def _institution(call: Call) -> dict[str, Any]:
    """The institution in the path. Raises Refusal where it was never admitted."""
    institution: dict[str, Any] | None = call.store[Institutions].get(
        call.request.parameters["institution_id"]
    )
    if institution is None:
        raise Refusal("not_found")
    return institution
