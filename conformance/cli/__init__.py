"""The command line: wiring only."""

__all__ = ["main"]


def main() -> None:
    """Entry point of `fcsp`."""
    from conformance.cli.app import build
    from conformance.cli.shared.errors import guarded

    guarded(build())
