"""Recognizing a token that is no more than a digest of the value, which enumeration reverses."""

import hashlib
import unicodedata

from cryptography.hazmat.primitives.hashes import SM3, Hash

SHORTEST = 16
"""Hex digits of a digest that chance does not give."""


def is_plain_digest(token: str, value: str) -> bool:
    """True if the token holds a digest of the value, or of its usual spellings, whole or cut short."""
    return any(digest[:SHORTEST] in token.lower() for text in _spellings(value) for digest in _digests(text))


def _spellings(value: str) -> set[str]:
    normal = "".join(unicodedata.normalize("NFKC", value).split()).replace("-", "")
    return {value, normal, normal.upper(), normal.lower()}


def _digests(text: str) -> tuple[str, ...]:
    content = text.encode()
    sm3 = Hash(SM3())
    sm3.update(content)
    names = ("md5", "sha1", "sha256", "sha512")
    return (
        *(hashlib.new(name, content, usedforsecurity=False).hexdigest() for name in names),
        sm3.finalize().hex(),
    )
