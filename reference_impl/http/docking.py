"""Docking: the descriptor, health, and notices of the network."""

from importlib.metadata import PackageNotFoundError, version

from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.docking import DockingParts, network_status
from reference_impl.parts.security import log_event
from reference_impl.store.network import Network
from reference_impl.wire.message import Call, Reply, moment


@handles("getPlatformDescriptor")
def get_descriptor(call: Call) -> Reply:
    """The descriptor."""
    return Reply(200, call.parts[DockingParts].describe(call))


@handles("getHealth")
def get_health(call: Call) -> Reply:
    """The status of the platform in the network: `ok` while it is active."""
    status = network_status(call)
    health = "ok" if status == "active" else status
    return Reply(200, {"status": health, "version": software_version(), "time": moment(call.now)})


@handles("postNetworkNotice")
def post_notice(call: Call) -> Reply:
    """Record a notice of the network."""
    kind = call.body["kind"]
    notice_id = call.parts[BaseParts].new_id("notice", call.body)
    call.store[Network].add(notice_id, kind, call.body)
    log_event(call, "network_notice", kind)
    return Reply(202, {"notice_id": notice_id, "kind": kind, "received_at": call.at})


def software_version() -> str:
    """The version of the installed distribution; a placeholder in a checkout that is not installed."""
    try:
        return version("fcsp")
    except PackageNotFoundError:
        return "0+checkout"
