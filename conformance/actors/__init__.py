"""The actors the suite plays: hub, upstream node, institutions, providers, subjects and their agents."""

from conformance.actors.actor import prepared, preparing
from conformance.actors.authorizations import Grant
from conformance.actors.institution import Institution
from conformance.actors.network import Cast
from conformance.actors.provider import Delivery
from conformance.actors.subject import Subject

__all__ = ["Cast", "Delivery", "Grant", "Institution", "Subject", "prepared", "preparing"]
