"""Finding sensitive values in a reply, whatever encoding hides them, without crying wolf at masked forms."""

import base64
import binascii
import html
import json
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any
from urllib.parse import unquote

from conformance.model.wire import Reply
from conformance.oracles.encodings import SHORTEST, Needle, needles, squeeze

_ESCAPES = re.compile(r"\\u\{?([0-9a-fA-F]{4})\}?|\\x([0-9a-fA-F]{2})|[Uu]\+([0-9a-fA-F]{4,6})")
_PACKED = re.compile(r"(?:H4sI|eJ|eN|eA)[A-Za-z0-9+/_-]{12,}={0,2}")
_MAX_UNPACKED = 4 * 1024 * 1024
_SPLIT = 10
"""From this length on, a value that is spread over several members of one document is found too."""
_FEW = 200
"""Up to so many needles it is quicker to look for each."""
_COVERED = re.compile(r"[0-9A-Za-z]")
_MECHANICAL = frozenset({"date", "content-length", "age", "expires", "last-modified", "retry-after"})
"""Headers that servers count and date by themselves; short values occur in them by chance."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A sensitive value that was found."""

    name: str
    """Name that the caller gave the value."""
    encoding: str
    where: str
    """`reply.body`, the place within it, or `reply.headers/<name>`."""


class _View:
    """One text in the four forms in which needles are looked for."""

    def __init__(self, text: str) -> None:
        self.plain = text
        self.folded = text.lower()
        self.squeezed = squeeze(text)
        self.squeezed_folded = self.squeezed.lower()

    def of(self, needle: Needle) -> str:
        """The form of the text in which a needle is looked for."""
        if needle.squeezed:
            return self.squeezed_folded if needle.folded else self.squeezed
        return self.folded if needle.folded else self.plain

    @property
    def grams(self) -> set[str]:
        texts = (self.plain, self.folded, self.squeezed, self.squeezed_folded)
        return {text[n : n + SHORTEST] for text in texts for n in range(len(text) - SHORTEST + 1)}

    @cached_property
    def line_edges(self) -> frozenset[int]:
        """Offsets in `squeezed_folded` at which a line of the text begins, and its length."""
        sizes = (len(squeeze(line).lower()) for line in self.plain.split("\n"))
        return frozenset(accumulate(sizes, initial=0))

    def holds(self, needle: Needle) -> bool:
        """True if the needle occurs, and where it has to stand alone, stands alone."""
        text = self.of(needle)
        if not needle.alone:
            return needle.text in text
        start = text.find(needle.text)
        while start >= 0:
            if self._is_free(needle, text, start - 1, start):
                end = start + len(needle.text)
                if self._is_free(needle, text, end, end):
                    return True
            start = text.find(needle.text, start + 1)
        return False

    def _is_free(self, needle: Needle, text: str, neighbor: int, edge: int) -> bool:
        """True if no letter or digit of the same line stands at `neighbor`; `edge` is where they would touch.

        Squeezing leaves out line breaks, so that a character of another line may seem to touch the value.
        """
        if not 0 <= neighbor < len(text) or not _COVERED.match(text[neighbor]):
            return True
        return needle.squeezed and edge in self.line_edges


class LeakSearch:
    """Looks for named sensitive values; prepared once, used on many replies."""

    def __init__(self, values: Mapping[str, str], allowed: Collection[str] = ()) -> None:
        """`allowed`: texts that replies may lawfully hold; a value within one cannot be told from it."""
        lawful = [squeeze(unicodedata.normalize("NFKC", text)).lower() for text in allowed]
        self._grams: dict[str, list[tuple[str, Needle]]] = {}
        self._count = 0
        self._long: list[tuple[str, str]] = []
        for name, value in values.items():
            bare = squeeze(unicodedata.normalize("NFKC", value)).lower()
            if any(bare in text for text in lawful):
                continue
            if len(bare) >= _SPLIT:
                self._long.append((name, bare))
            for needle in needles(value):
                self._grams.setdefault(needle.text[:SHORTEST], []).append((name, needle))
                self._count += 1

    def reply(self, reply: Reply) -> tuple[Leak, ...]:
        """Every leak in a reply's body and headers, one for each value and place."""
        leaks = list(self.content(reply.body, "reply.body"))
        for name, value in reply.headers:
            if name in _MECHANICAL:
                continue
            leaks += self.content(value.encode(), f"reply.headers/{name}")
        return tuple(dict.fromkeys(leaks))

    def content(self, content: bytes, where: str = "") -> tuple[Leak, ...]:
        """Every leak in some bytes."""
        leaks: dict[str, Leak] = {}
        for text in readings(content):
            for name, needle in self._hits(text):
                leaks.setdefault(name, Leak(name, needle.encoding, where))
        document = _json(content)
        if document is not None:
            leaks = {name: self._locate(leak, document) for name, leak in leaks.items()}
            joined = squeeze("".join(str(v) for _, v in leaves(document, ""))).lower()
            for name, bare in self._long:
                if name not in leaks and bare in joined:
                    leaks[name] = Leak(name, "split", where)
        return tuple(leaks.values())

    def _hits(self, text: str) -> Iterator[tuple[str, Needle]]:
        view = _View(text)
        # taking a text apart pays only where many needles are looked for
        grams = self._grams if self._count <= _FEW else view.grams & self._grams.keys()
        for gram in grams:
            for name, needle in self._grams[gram]:
                if view.holds(needle):
                    yield name, needle

    def _locate(self, leak: Leak, document: Any) -> Leak:
        """The member of a JSON document that holds the leak, if one alone does."""
        for pointer, leaf in leaves(document, ""):
            texts = set(readings(str(leaf).encode("utf-8", "surrogatepass")))
            if any(name == leak.name for text in texts for name, _ in self._hits(text)):
                return Leak(leak.name, leak.encoding, leak.where + pointer)
        return leak


def readings(content: bytes, depth: int = 2) -> Iterator[str]:
    """Everything the bytes can be read as: as they are, decoded, normalized, unpacked."""
    addresses: set[str] = set()
    for text in (content.decode("utf-8", "replace"), unescaped(content.decode("utf-8", "replace"))):
        for reading in (text, unicodedata.normalize("NFKC", text)):
            if reading not in addresses:
                addresses.add(reading)
                yield reading
    if b"\0" in content:
        yield content.replace(b"\0", b"").decode("utf-8", "replace")
    if not content.isascii():
        yield content.hex()
    if depth:
        for inner in unpacked(content):
            yield from readings(inner, depth - 1)


def unescaped(text: str) -> str:
    """Percent, HTML and backslash escapes undone until nothing changes, three times at most."""
    for _ in range(3):
        decoded = _ESCAPES.sub(
            lambda m: chr(min(int(m[1] or m[2] or m[3], 16), 0x10FFFF)), unquote(html.unescape(text))
        )
        if decoded == text:
            break
        text = decoded
    return text


def unpacked(content: bytes) -> Iterator[bytes]:
    """Contents in gzip (RFC 1952) or zlib (RFC 1950) format, bare or in base64; broken ones left out."""
    packed = [content, *(_from_base64(m[0]) for m in _PACKED.finditer(content.decode("ascii", "replace")))]
    for data in packed:
        with_gzip = data[:2] == b"\x1f\x8b"
        if with_gzip or data[:1] == b"\x78":
            try:
                yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, _MAX_UNPACKED)
            except zlib.error:
                continue


def _from_base64(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.rstrip("=").translate(str.maketrans("+/", "-_")) + "==")
    except binascii.Error:
        return b""


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def leaves(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """All scalars of a document in order, with their pointers."""
    stack = [(pointer, node)]
    while stack:
        at, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{at}/{k}", v) for k, v in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(f"{at}/{n}", v) for n, v in reversed(list(enumerate(value)))]
        elif value is not None:
            yield at, value
