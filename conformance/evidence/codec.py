"""Results as JSON and back: the form in which evidence is redacted, written and read.

The dataclasses of the model are the schema; `conformance.model.json_form` says how bytes, bodies, credentials
and arguments of messages are written.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from conformance.model.judgement import Result
from conformance.model.wire import Json, Request

_RESULT: TypeAdapter[Result] = TypeAdapter(Result)
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def write_result(value: Result) -> dict[str, Json]:
    """The result as a JSON value, with the id of its case."""
    data: dict[str, Json] = _RESULT.dump_python(value)
    data["case"]["id"] = value.case.id
    for exchange in data["exchanges"]:
        del exchange["reply"]["step"]  # the number of the exchange
    return data


def read_result(data: Mapping[str, Any]) -> Result:
    """The result of a JSON value; members added later have their defaults.

    Raises ValueError, KeyError or TypeError.
    """
    exchanges = [
        {**exchange, "reply": {**exchange["reply"], "step": exchange["step"]}}
        for exchange in data["exchanges"]
    ]
    return _RESULT.validate_python({**data, "exchanges": exchanges})


def write_request(value: Request) -> dict[str, Json]:
    """The request as a JSON value."""
    data: dict[str, Json] = _REQUEST.dump_python(value)
    return data
