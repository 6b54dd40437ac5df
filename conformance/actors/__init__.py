"""The actors the suite plays: hub, upstream node, institutions, providers, subjects and their agents."""

from conformance.actors.actor import prepared, preparing
from conformance.actors.admission import Institution
from conformance.actors.authorization import Grant
from conformance.actors.cast import Cast
from conformance.actors.collection import Delivery
from conformance.actors.subjects import Subject

__all__ = ["Cast", "Delivery", "Grant", "Institution", "Subject", "prepared", "preparing"]
