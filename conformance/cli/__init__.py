"""The command line: wiring only."""

__all__ = ["main"]


def main() -> None:
    """Entry point of `fcsp`."""
    from conformance.cli.app import build
    from conformance.cli.failure import guarded

    guarded(build())
