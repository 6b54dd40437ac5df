"""The parties that a platform calls, as servers of the suite: sources of items that are not collected."""

from conformance.counterpart.inbox import Desk
from conformance.counterpart.server import Server
from conformance.counterpart.tokens import Platform

__all__ = ["Desk", "Platform", "Server"]
