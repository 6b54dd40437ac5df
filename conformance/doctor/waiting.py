"""Waiting for a platform that is still starting."""

import time

from conformance.doctor.diagnosis import Broken
from conformance.doctor.http import probe_descriptor
from conformance.doctor.transport import probe_transport
from conformance.model.target import Target

_STARTING = frozenset(
    {
        "doctor.dns_unknown",
        "doctor.dns_timeout",
        "doctor.tcp_refused",
        "doctor.tcp_timeout",
        "doctor.tcp_unreachable",
        "doctor.tls_timeout",
        "doctor.http_timeout",
        "doctor.http_broken",
        "doctor.http_not_found",
        "doctor.http_server_error",
    }
)
"""Diagnoses of a platform, or of a gateway in front of it, that may pass by themselves."""
_PAUSE = 0.5


def wait_until_answering(target: Target, seconds: float) -> float | None:
    """Ask for the descriptor until it is answered; returns the seconds that passed.

    None if `seconds` are over, or at once for what does not pass by itself, such as a wrong certificate.
    """
    started = time.monotonic()
    while True:
        try:
            for _ in probe_transport(target):
                pass
            probe_descriptor(target)
        except Broken as broken:
            remaining = started + seconds - time.monotonic()
            if broken.diagnosis.observation.key not in _STARTING or remaining <= 0:
                return None
            time.sleep(min(_PAUSE, remaining))
        else:
            return time.monotonic() - started
