"""The parties that the suite plays: hub, institutions, providers, sources, subjects, supervisor."""

from conformance.actors.actor import Actor, prepared, prepared_id, preparing
from conformance.actors.anonymous import Anonymous, Bearer
from conformance.actors.authorizations import Grant
from conformance.actors.client import NetworkClient
from conformance.actors.deliveries import Delivery
from conformance.actors.inquirer import Inquirer
from conformance.actors.institution import Institution
from conformance.actors.network import Network
from conformance.actors.provider import Provider
from conformance.actors.source import Source
from conformance.actors.subject import Subject

__all__ = [
    "Actor",
    "Anonymous",
    "Bearer",
    "Delivery",
    "Grant",
    "Inquirer",
    "Institution",
    "Network",
    "NetworkClient",
    "Provider",
    "Source",
    "Subject",
    "prepared",
    "prepared_id",
    "preparing",
]
