"""Slowness of the machine, and time limits that grow with it: no verdict may depend on the load."""

import math
import time
from dataclasses import replace

from conformance.model.standard import Standard

SAMPLE_SECONDS = 0.03
"""Processor time of the computation that is measured."""
MOST = 8.0
MOST_IN_STANDARD = 2.0
"""A reference platform that waits so much longer for sources still answers in the standard's time."""
SOURCE_LIMIT = ("COL-012", "source_answer_seconds")
"""The parameter that bounds a wait of the platform for the suite itself, and so for a busy machine."""


def slowness() -> float:
    """Wall time of a short computation over its processor time: 1.0 on an idle machine, 8.0 at most.

    With eight busy processes on two cores it is about 4.
    """
    began, began_computing = time.monotonic(), time.thread_time()
    while (computed := time.thread_time() - began_computing) < SAMPLE_SECONDS:
        pass
    return min(MOST, max(1.0, (time.monotonic() - began) / computed))


def slowed(standard: Standard, factor: float) -> Standard:
    """The standard with the time limit of sources stretched; equal to the given one for a factor of 1."""
    requirement, name = SOURCE_LIMIT
    if requirement not in standard.requirements:
        return standard
    unstretched = standard.requirements[requirement]
    parameter = unstretched.parameters[name]
    value = math.ceil(float(parameter.value) * factor)
    stretched = {**unstretched.parameters, name: replace(parameter, value=value)}
    requirements = {**standard.requirements, requirement: replace(unstretched, parameters=stretched)}
    return replace(standard, requirements=requirements)
