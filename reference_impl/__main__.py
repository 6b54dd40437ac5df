"""`python -m reference_impl`: a platform that obeys, served until the process is ended."""

import sys
from collections.abc import Sequence

from starlette.types import ASGIApp

from reference_impl import command
from reference_impl.platform import Composition
from reference_impl.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a platform; 0 when it was ended."""
    parser = command.parser("reference_impl", "The reference platform of this standard.")
    options = parser.parse_args(arguments)

    def build(settings: Settings) -> ASGIApp:
        composition = Composition(settings)
        return command.application(composition, composition.parts(), options.load)

    command.serve(parser, options, build)
    return 0


if __name__ == "__main__":
    sys.exit(main())
