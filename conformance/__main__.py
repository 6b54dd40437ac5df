"""`python -m conformance` is `fcsp`."""

from conformance.cli import main

main()
