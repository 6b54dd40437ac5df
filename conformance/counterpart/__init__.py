"""The parties that a platform calls, as servers of the suite: one role a file, one inbox for all of them."""

from conformance.counterpart.inbox import Inbox, place_path
from conformance.counterpart.provider import Provider
from conformance.counterpart.server import Server
from conformance.counterpart.tokens import Platform

__all__ = ["Inbox", "Platform", "Provider", "Server", "place_path"]
