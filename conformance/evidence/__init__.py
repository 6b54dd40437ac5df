"""Evidence: what a run may write down, in which form, and how it is read again."""

from conformance.evidence.canonical import Canon, canonical, digest, personal_values
from conformance.evidence.planted import Vault
from conformance.evidence.redaction import Redactor
from conformance.evidence.replay import restored, restored_incoming
from conformance.evidence.transcript import (
    Header,
    Recorded,
    Transcript,
    TranscriptError,
    TranscriptWriter,
    read,
)

__all__ = [
    "Canon",
    "Header",
    "Recorded",
    "Redactor",
    "Transcript",
    "TranscriptError",
    "TranscriptWriter",
    "Vault",
    "canonical",
    "digest",
    "personal_values",
    "read",
    "restored",
    "restored_incoming",
]
