"""Values, their guises planted among decoys, and the reference on every window of lines."""

import base64
import gzip
import html
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from urllib.parse import quote

from conformance.data.scan import ValueSearch
from conformance.data.scan.blocks import WINDOW
from conformance.oracles.encodings import needles
from conformance.oracles.leaks import LeakSearch

VALUES = {
    "phone": "13812345678",
    "id": "99010119900101001X",
    "name": "欧阳娜娜",
    "rare": "𠮷田一郎",
    "email": "zhang.san@example.cn",
    "address": "广东省深圳市南山区（科技园）1号",
    "amount": "1234567.50",
    "day": "1990-03-07",
    "short": "A1b2",
    "latin": "Éric Brontë",
    "company": "测试(北京)有限公司",
}
NEIGHBORS = ("13812345679", "99010119900101002X", "欧阳娜拉", "1234567.51", "1990-03-08")


def spelled(value: str) -> Iterator[str]:
    """A value as people and programs write it."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
    yield from (
        value,
        value.upper(),
        value.lower(),
        wide,
        value[::-1],
        " ".join(value),
        "\n".join(value[:6]) + value[6:],
    )
    yield from (
        "—".join(value),
        "：".join(value),
        f"{value[:4]}\n{value[4:]}",
        quote(value),
        quote(quote(value)),
    )
    yield "".join(f"%{octet:02X}" for octet in value.encode())
    yield from (html.escape(value), "".join(f"&#{ord(c)};" for c in value), json.dumps(value))
    yield "".join(f"\\u{ord(c):04x}" for c in value if ord(c) < 0x10000)
    yield "".join(f"U+{ord(c):04X}" for c in value)


def packed(value: str) -> Iterator[bytes]:
    """A value as bytes that are no text."""
    for form in (value, f"前缀{value}后缀", f"x{value}"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            content = form.encode(encoding)
            yield from (
                content,
                base64.b64encode(content),
                base64.urlsafe_b64encode(content),
                content.hex().encode(),
            )
    text = f"a record with {value} in it, and more".encode()
    yield from (base64.b64encode(gzip.compress(text, mtime=0)), base64.b64encode(zlib.compress(text)))
    yield base64.urlsafe_b64encode(zlib.compress(text, 9))
    yield base64.b64encode(gzip.compress(base64.b64encode(gzip.compress(text, mtime=0)), mtime=0))


@cache
def plants() -> tuple[bytes, ...]:
    """Every guise of every value, and the guises of neighbors that nobody looks for."""
    encodings: list[bytes] = []
    for value in (*VALUES.values(), *NEIGHBORS):
        encodings += [each.encode("utf-8", "surrogatepass") for each in spelled(value)]
        encodings += [needle.text.encode() for needle in needles(value)]
        encodings += packed(value)
    return tuple(dict.fromkeys(encodings))


def around(random: Random, plant: bytes) -> bytes:
    """A plant on its line, among lines that mean nothing."""
    letters = "abcXYZ0189 :-_/.+&%\\张三（，。）①㎡"
    noise = ["".join(random.choices(letters, k=random.randrange(30))).encode() for _ in range(6)]
    before, after = (random.choice((b"", b" ", b"=", b'"', b"x", b"7", "张".encode())) for _ in range(2))
    at = random.randrange(6)
    return b"\n".join([*noise[:at], before + plant + after, *noise[at:]]) + random.choice((b"", b"\n"))


@cache
def search(engine: str = "auto") -> ValueSearch:
    return ValueSearch(VALUES, engine)


@cache
def reference() -> LeakSearch:
    return LeakSearch(VALUES)


def by_reference(content: bytes) -> dict[str, set[int]]:
    """For each value that the reference finds, the first lines of the windows in which it does."""
    lines = content.splitlines(keepends=True) if b"\r" not in content else content.split(b"\n")
    lines = _lines(content)
    lines_by_name: dict[str, set[int]] = {}
    for first in range(max(len(lines) - WINDOW, 0) + 1):
        for leak in reference().content(b"".join(lines[first : first + WINDOW])):
            lines_by_name.setdefault(leak.name, set()).add(first)
    return lines_by_name


def _lines(content: bytes) -> list[bytes]:
    parts = content.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


Maker = Callable[[], bytes]
