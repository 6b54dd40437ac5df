"""The parties that the suite plays: hub, institutions, providers, sources, subjects, supervisor."""

from conformance.actors.actor import Actor, prepared, prepared_id, preparing
from conformance.actors.anonymous import Anonymous, Bearer
from conformance.actors.authorizations import Grant
from conformance.actors.client import NetworkClient
from conformance.actors.deliveries import DeliveredBatch
from conformance.actors.inquirer import Inquirer
from conformance.actors.institution import Institution
from conformance.actors.network import Network
from conformance.actors.provider import DataProvider
from conformance.actors.source import RecordSource
from conformance.actors.subject import Subject

__all__ = [
    "Actor",
    "Anonymous",
    "Bearer",
    "DataProvider",
    "DeliveredBatch",
    "Grant",
    "Inquirer",
    "Institution",
    "Network",
    "NetworkClient",
    "RecordSource",
    "Subject",
    "prepared",
    "prepared_id",
    "preparing",
]
