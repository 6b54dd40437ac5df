"""Claims of the descriptor, compared with the standard, the target file and the local clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from conformance.doctor.diagnosis import Broken, Diagnosis, fail, ok, warn
from conformance.doctor.http import Descriptor
from conformance.model import clock
from conformance.model.standard import Standard
from conformance.model.target import Target

OPERATION = "getPlatformDescriptor"
_SKEW_WARN, _SKEW_FAIL = 5, 60
_SHOWN = 5
_LOWEST_RATE = 60
_ESSENTIAL = ("issuer", "token_endpoint", "api_base", "environment")
"""Without these nothing can be asked; that anything else is missing is a verdict, not a misconfiguration."""


def probe_claims(descriptor: Descriptor, target: Target, standard: Standard) -> Iterator[Diagnosis]:
    """Raises Broken when the descriptor cannot be used, or belongs to another environment."""
    yield _shape(descriptor.content, standard)
    yield _environment(descriptor.content, target)
    yield from _addresses(descriptor.content, target)
    yield _clock(descriptor, target, standard)
    yield from _division(descriptor.content, target)
    yield from _profile(descriptor.content, target)
    yield _versions(descriptor.content, standard)
    yield from _limits(descriptor.content)


def _shape(content: dict[str, Any], standard: Standard) -> Diagnosis:
    from jsonschema import Draft202012Validator

    operation = standard.api.operations.get(OPERATION)
    schema = operation.responses.get("200", {}).get("application/json", {}) if operation else {}
    errors = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: error.json_path)
    if not errors:
        return ok("descriptor", "descriptor_ok", platform=content.get("platform_id", ""))
    excerpt = "; ".join(f"{error.json_path}: {error.message[:120]}" for error in errors[:_SHOWN])
    essential = {name: part for name, part in schema.get("properties", {}).items() if name in _ESSENTIAL}
    needed = {"type": "object", "required": list(_ESSENTIAL), "properties": essential}
    if not Draft202012Validator(needed).is_valid(content):
        raise Broken(fail("descriptor", "descriptor_shape", count=len(errors), errors=excerpt))
    return warn("descriptor", "descriptor_incomplete", count=len(errors), errors=excerpt)


def _object(content: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the descriptor; what is not there, or is something else, is DOC-001's to judge."""
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _list(content: dict[str, Any], name: str) -> list[Any]:
    part = content.get(name)
    return [entry for entry in part if isinstance(entry, str)] if isinstance(part, list) else []


def _environment(content: dict[str, Any], target: Target) -> Diagnosis:
    says = content["environment"]
    if says != target.environment:
        raise Broken(fail("environment", "environment_differs", platform=says, target=target.environment))
    return ok("environment", "environment_ok", environment=says)


def _addresses(content: dict[str, Any], target: Target) -> Iterator[Diagnosis]:
    ours = _origin(target.base_url)
    for name in ("api_base", "token_endpoint"):
        if _origin(content[name]) != ours:
            yield warn(
                "addresses", "address_elsewhere", name=name, url=content[name], base_url=target.base_url
            )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.scheme, parts.hostname, port or {"https": 443, "http": 80}.get(parts.scheme)


def _clock(descriptor: Descriptor, target: Target, standard: Standard) -> Diagnosis:
    theirs = _their_time(descriptor)
    if theirs is None:
        return warn("clock", "clock_unknown")
    received = datetime.fromtimestamp(descriptor.received_at, clock.CHINA)
    # A test environment may live on the day by which it is judged.
    ahead = timedelta((standard.as_of - received.date()).days if target.environment == "test" else 0)
    skews = [(theirs - ours).total_seconds() for ours in (received, received + ahead)]
    nearest = min(skews, key=abs)
    skew = round(nearest)
    if abs(skew) > _SKEW_FAIL:
        return fail("clock", "clock_wrong", skew=f"{skew:+d}", theirs=theirs.isoformat(timespec="seconds"))
    return (
        warn("clock", "clock_off", skew=f"{skew:+d}") if abs(skew) > _SKEW_WARN else ok("clock", "clock_ok")
    )


def _their_time(descriptor: Descriptor) -> datetime | None:
    for parse, text in (
        (datetime.fromisoformat, descriptor.content.get("time")),
        (parsedate_to_datetime, descriptor.date),
    ):
        try:
            moment = parse(str(text))
        except ValueError:
            continue
        if moment.tzinfo:
            return moment
    return None


def _division(content: dict[str, Any], target: Target) -> Iterator[Diagnosis]:
    """The division decides what a province adds to the checklist that is judged by."""
    theirs = content.get("division_code", "-")
    if target.division and theirs != target.division:
        yield warn("claims", "division_differs", platform=theirs, target=target.division)


def _profile(content: dict[str, Any], target: Target) -> Iterator[Diagnosis]:
    claim = _object(content, "conformance")
    profile = claim.get("profile", "-")
    if profile != target.profile:
        yield warn("claims", "profile_differs", platform=profile, target=target.profile)
    theirs, ours = set(_list(claim, "capabilities")), set(target.capabilities)
    if theirs != ours:
        differences = {
            "only_platform": sorted(theirs - ours) or "-",
            "only_target": sorted(ours - theirs) or "-",
        }
        yield warn("claims", "capabilities_differ", **differences)
    if profile == target.profile and theirs == ours:
        yield ok("claims", "claims_ok", profile=target.profile)


def _versions(content: dict[str, Any], standard: Standard) -> Diagnosis:
    theirs = _list(content, "standard_versions")
    if theirs and standard.version not in theirs:
        return fail("versions", "version_not_served", theirs=theirs, ours=standard.version)
    checklist = content.get("checklist_version", "-")
    if checklist != standard.checklist.version:
        return warn("versions", "checklist_differs", theirs=checklist, ours=standard.checklist.version)
    return ok("versions", "versions_ok", version=standard.version, checklist=checklist)


def _limits(content: dict[str, Any]) -> Iterator[Diagnosis]:
    limits = _object(content, "limits")
    declared = limits.get("rates")
    entries = declared if isinstance(declared, list) else []
    rates = [entry.get("per_minute") for entry in entries if isinstance(entry, dict)]
    # Of the operations in general, not of a few that are dear.
    rate = max((n for n in rates if isinstance(n, int)), default=None)
    if rate is not None and rate < _LOWEST_RATE:
        yield warn("limits", "rate_low", rate=rate)
    else:
        yield ok("limits", "limits_ok", body=limits.get("max_body_bytes", "-"), rate=rate or "-")
