"""Bodies as bytes. JSON is sent in one canonical form: sorted members, no blanks, UTF-8."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson

from conformance.model.media_types import JSON
from conformance.model.wire import ClientAssertion, FormBody, Raw, SubjectAssertion

Sign = Callable[[ClientAssertion | SubjectAssertion], str]


def encode(body: Any, sign: Sign) -> tuple[bytes | None, str | None]:
    """The bytes of a body and their media type."""
    match body:
        case None:
            return None, None
        case Raw(content, media_type):
            return content, media_type
        case FormBody():
            return encode_form(body, sign)
        case _:
            return _json(body), JSON


def encode_form(form: FormBody, sign: Sign) -> tuple[bytes, str]:
    pairs = {name: part if isinstance(part, str) else sign(part) for name, part in form.fields.items()}
    return urlencode(pairs).encode(), "application/x-www-form-urlencoded"


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer beyond 64 bits, or a lone surrogate, sent on purpose
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
