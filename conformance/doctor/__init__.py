"""The doctor: live probes, layer by layer, that tell a wrong configuration from a wrong platform."""

from conformance.doctor.diagnosis import Diagnosis, ProbeState, healthy
from conformance.doctor.examination import examine
from conformance.doctor.waiting import wait_until_answering

__all__ = ["Diagnosis", "ProbeState", "examine", "healthy", "wait_until_answering"]
