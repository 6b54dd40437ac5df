"""The wire: turns symbolic requests into signed exchanges with the platform, each fault into a cause."""

from conformance.wire.client import DESCRIPTOR, TOKEN, Wire
from conformance.wire.descriptor import PlatformDescriptor
from conformance.wire.keys import KeyStore

__all__ = ["DESCRIPTOR", "TOKEN", "KeyStore", "PlatformDescriptor", "Wire"]
