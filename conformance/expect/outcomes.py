"""The four ways in which a check ends other than by passing."""

from conformance.model.judgement import Finding
from conformance.model.text import Message


class Violation(Exception):  # noqa: N818 - what was found, not an error of the suite
    """The platform did not do what the requirement says."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message.key)
        self.finding = finding


class Undecided(Exception):  # noqa: N818
    """A check ended without a judgement; the message says why."""

    def __init__(self, message: Message) -> None:
        arguments = ", ".join(f"{name}={value}" for name, value in message.args.items())
        super().__init__(f"{message.key}({arguments})")
        self.message = message
        self.where = ""
        """The step that was lost, e.g. `step 2: getHealth`; known to whoever sent it."""


class NotVerified(Undecided):
    """A prerequisite is missing, so the requirement was not looked at."""


class Inconclusive(Undecided):
    """The requirement was looked at, but what was seen allows no judgement."""


class SuiteError(Undecided):
    """The suite is at fault, not the platform."""
