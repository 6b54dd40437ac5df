"""The operator `token`: a pseudonym for one recipient by HMAC (RFC 2104) with SM3 (GB/T 32905)."""

from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from reference_impl.desensitization.model import Parameters, Scene, UnfitError, string

MINIMUM_KEY = 16
SEPARATOR = "\x1f"
SHOWN = 22


def token(value: Any, p: Parameters, scene: Scene) -> str:
    key, recipient = scene.context.key, scene.context.recipient
    text = string(value)
    if len(key) < MINIMUM_KEY or not recipient or SEPARATOR in recipient + text:
        raise UnfitError
    mac = HMAC(key, SM3())
    mac.update(SEPARATOR.join((p["domain"], recipient, text)).encode())
    return f"tk_{mac.finalize().hex()[:SHOWN]}"
