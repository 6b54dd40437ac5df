"""All the guises of a sensitive value: encoded, reversed, spelled in other ways, digested."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5, sha1, sha256, sha512

from cryptography.hazmat.primitives.hashes import SM3, Hash

SHORTEST = 4
"""Values of fewer units prove nothing: they occur by chance."""
_SQUEEZED = re.compile(r"[\s\-‐-―_./·•:]+")
_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")
_MIN_ENCODED = 6
_LONG = 8
"""From this length on, letters and digits beside a value no longer make it another one."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One guise of one value."""

    text: str
    encoding: str
    folded: bool = False
    """Searched without regard to case."""
    squeezed: bool = False
    """Searched where white space and separators are left out."""
    alone: bool = False
    """Counts only where no letter or digit of the same line stands directly beside it.

    Squeezed ones always are folded, too.
    """


def squeeze(text: str) -> str:
    """The text without white space and separators."""
    return _SQUEEZED.sub("", text)


def needles(value: str) -> tuple[Needle, ...]:
    """Every guise of a value; none for a value too short to prove anything."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if len(plain) < SHORTEST:
        return ()
    forms = [*_spellings(value.strip(), plain)]
    for form in dict.fromkeys((value.strip(), plain, plain.upper(), squeeze(plain), squeeze(plain).upper())):
        forms += _encodings(form)
        forms += _digests(form)
    unique = {(n.text, n.folded, n.squeezed): n for n in reversed(forms) if len(n.text) >= SHORTEST}
    return tuple(reversed(unique.values()))


def _spellings(value: str, plain: str) -> Iterator[Needle]:
    short = plain.isascii() and len(squeeze(plain)) < _LONG
    alone = short or re.fullmatch(r"-?[0-9]+\.[0-9]+", plain) is not None
    bare = squeeze(plain)
    for text in dict.fromkeys((value, plain)):
        yield Needle(text.lower(), "raw", folded=True, alone=alone)
    if len(bare) >= SHORTEST:
        yield Needle(bare.lower(), "spaced", folded=True, squeezed=True, alone=alone)
        yield Needle(bare[::-1].lower(), "reversed", folded=True, squeezed=True, alone=alone)
    for text in _number_spellings(plain):
        yield Needle(text, "number", alone=True)
    for text in _date_spellings(plain):
        yield Needle(text, "date", alone=True)
    if bare.isascii() and bare.isdigit() and len(bare) >= _LONG:
        yield Needle(bare.translate(_NUMERALS), "numerals", squeezed=True)


def _number_spellings(plain: str) -> Iterator[str]:
    """Other ways to write an amount."""
    match = re.fullmatch(r"-?([0-9]{4,})(?:\.([0-9]+))?", plain)
    if not match:
        return
    integer, part = match[1], match[2] or ""
    yield f"{int(integer):,}" + (f".{part}" if part else "")
    if part:
        yield f"{integer}.{part.rstrip('0')}".rstrip(".")
        yield integer + part.ljust(2, "0")


def _date_spellings(plain: str) -> Iterator[str]:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", plain)
    if match:
        year, month, day = match.groups()
        yield f"{year}年{int(month)}月{int(day)}日"
        yield f"{year}年{month}月{day}日"
        yield f"{day}/{month}/{year}"


def _encodings(form: str) -> Iterator[Needle]:
    contents = {form.encode(), form.encode("utf-16-le"), form.encode("utf-16-be"), form.encode("gb18030")}
    for content in sorted(contents):
        yield Needle(content.hex(), "hex", folded=True, squeezed=True)
        for text in _base64_cores(content):
            yield Needle(text, "base64")


def _base64_cores(content: bytes) -> Iterator[str]:
    """Substrings of the base64 of any text around the content: three alignments, two alphabets."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + content).decode()
        first, last = -(-shift * 8 // 6), (shift + len(content)) * 8 // 6
        core = encoded[first:last]
        if len(core) >= _MIN_ENCODED:
            yield core
            yield core.translate(str.maketrans("+/", "-_"))


def _digests(form: str) -> Iterator[Needle]:
    content = form.encode()
    sm3 = Hash(SM3())
    sm3.update(content)
    digests = {
        "MD5": md5(content, usedforsecurity=False).digest(),
        "SHA-1": sha1(content, usedforsecurity=False).digest(),
        "SHA-256": sha256(content).digest(),
        "SHA-512": sha512(content).digest(),
        "SM3": sm3.finalize(),
    }
    for name, digest in digests.items():
        yield Needle(digest.hex(), name, folded=True, squeezed=True)
        for encoded in (base64.b64encode(digest), base64.urlsafe_b64encode(digest)):
            yield Needle(encoded.decode().rstrip("="), name)
    yield Needle(digests["MD5"].hex()[8:24], "MD5", folded=True, squeezed=True)
