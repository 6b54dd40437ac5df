"""Options of a workspace: the platform under test as `fcsp init` describes it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkspaceOptions:
    """Options of `fcsp init` about the platform."""

    base_url: str
    profile: str = "provincial"
    environment: str = "test"
    division: str = "990000"
    capabilities: tuple[str, ...] = ()
    institutions: int = 4
    data_set: Path | None = None
    """A data set that the platform has loaded; without one the suite delivers its data."""
    provider_listen: str = "127.0.0.1:8473"
    """Where the suite plays the sources of items that are not collected."""
    provider_url: str = "http://127.0.0.1:8473"
    """The same place as the platform reaches it."""
