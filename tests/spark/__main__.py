"""`python -m tests.spark`: says whether all is there that the tests on a cluster need."""

import sys

from conformance.data.cluster import session
from conformance.messages import load_messages
from conformance.model.text import Lang


def main() -> int:
    try:
        session.session_class()
    except session.SparkError as missing:
        sys.stderr.write(load_messages().render(missing.message, Lang.EN) + "\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
