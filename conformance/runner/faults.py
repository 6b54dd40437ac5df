"""A fault of the suite in one line: reports hold no tracebacks."""

import traceback
from pathlib import Path


def reason(error: BaseException) -> str:
    """Kind, first line of the text, and the place in the suite's own code."""
    lines = str(error).splitlines()
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{f': {lines[0]}' if lines else ''}{place}"
