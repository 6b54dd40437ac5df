"""The context of a case, and the ports behind it: a platform, the record of a run, or a stand-in."""

from conformance.runner.contexts.attempts import seeded
from conformance.runner.contexts.context import CaseContext
from conformance.runner.contexts.live import LivePort
from conformance.runner.contexts.port import Port, Position, Transmission
from conformance.runner.contexts.recorded import RecordedPort

__all__ = ["CaseContext", "LivePort", "Port", "Position", "RecordedPort", "Transmission", "seeded"]
