"""For schemathesis: a valid token for each operation, from a file that is kept fresh."""

import json
import os
from pathlib import Path
from typing import Any

import schemathesis

TOKENS = Path(os.environ["FCSP_INTEROP_TOKENS"])
SECONDS = 20
"""How long a token is taken for fresh."""


def operation(case: Any, _context: Any) -> str:
    return str(case.operation.definition.raw.get("operationId", ""))


@schemathesis.auth(refresh_interval=SECONDS, cache_by_key=operation)
class TokenOfTheOperation:
    """The token of a party that may call the operation."""

    def get(self, case: Any, context: Any) -> str | None:
        token: str | None = json.loads(TOKENS.read_text("utf-8")).get(operation(case, context))
        return token

    def set(self, case: Any, data: str | None, _context: Any) -> None:
        if data:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
