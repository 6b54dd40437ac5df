"""Sensitive values are found in every guise, and lawful replies raise no alarm."""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model.wire import Reply
from conformance.oracles.leaks import LeakSearch

PHONE, ID, NAME, AMOUNT, DAY = "15400001234", "99010119491231001X", "欧阳测试甲", "7654321.80", "1990-03-07"
SEARCH = LeakSearch({"phone": PHONE, "id": ID, "name": NAME, "amount": AMOUNT, "day": DAY})


def sm3(content: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize()


def found(content: bytes | str) -> set[str]:
    return {leak.name for leak in SEARCH.content(content.encode() if isinstance(content, str) else content)}


GUISES: dict[str, Callable[[str], bytes | str]] = {
    "raw": lambda v: f"value {v}.",
    "lower case": str.lower,
    "json": lambda v: json.dumps({"a": [v]}),
    "percent": lambda v: quote(v.encode(), safe=""),
    "percent, every byte": lambda v: "".join(f"%{b:02x}" for b in v.encode()),
    "percent twice": lambda v: quote(quote(v.encode(), safe="")),
    "backslash u": lambda v: "".join(f"\\u{ord(c):04x}" for c in v),
    "U+": lambda v: "".join(f"U+{ord(c):04X}" for c in v),
    "html decimal": lambda v: "".join(f"&#{ord(c)};" for c in v),
    "html hexadecimal": lambda v: "".join(f"&#x{ord(c):x};" for c in v),
    "base64": lambda v: base64.b64encode(v.encode()),
    "base64 shifted by one": lambda v: base64.b64encode(b"x" + v.encode() + b"y"),
    "base64 shifted by two": lambda v: base64.b64encode(b"xx" + v.encode() + b"yyy"),
    "base64url": lambda v: base64.urlsafe_b64encode(b"?>" + v.encode()).rstrip(b"="),
    "hex": lambda v: v.encode().hex(),
    "HEX": lambda v: v.encode().hex().upper(),
    "hex in groups": lambda v: v.encode().hex(":"),
    "reversed": lambda v: v[::-1],
    "full width": lambda v: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in v),
    "spaced": " ".join,
    "dashed": "-".join,
    "in groups": lambda v: " ".join(v[n : n + 4] for n in range(0, len(v), 4)),
    "MD5": lambda v: hashlib.md5(v.encode(), usedforsecurity=False).hexdigest(),
    "MD5, upper": lambda v: hashlib.md5(v.encode(), usedforsecurity=False).hexdigest().upper(),
    "MD5, middle": lambda v: hashlib.md5(v.encode(), usedforsecurity=False).hexdigest()[8:24],
    "SHA-1": lambda v: hashlib.sha1(v.encode(), usedforsecurity=False).hexdigest(),
    "SHA-256": lambda v: hashlib.sha256(v.encode()).hexdigest(),
    "SM3": lambda v: sm3(v.encode()).hex(),
    "SM3, base64": lambda v: base64.b64encode(sm3(v.encode())),
    "SHA-256, base64url": lambda v: base64.urlsafe_b64encode(hashlib.sha256(v.encode()).digest()),
    "gzip": lambda v: gzip.compress(v.encode()),
    "zlib": lambda v: zlib.compress(b"{" + v.encode() + b"}"),
    "gzip in base64": lambda v: base64.b64encode(gzip.compress(v.encode())),
    "utf-16": lambda v: v.encode("utf-16-le"),
    "gb18030": lambda v: v.encode("gb18030"),
}


@pytest.mark.parametrize("value", [PHONE, ID, NAME], ids=["phone", "id", "name"])
@pytest.mark.parametrize("guise", sorted(GUISES))
def test_every_guise_is_found(guise: str, value: str) -> None:
    name = {PHONE: "phone", ID: "id", NAME: "name"}[value]
    assert name in found(GUISES[guise](value))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"a": 7654321.8}', "amount"),
        ('{"a": "7,654,321.80"}', "amount"),
        ('{"cents": 765432180}', "amount"),
        ("1990年3月7日", "day"),
        ("19900307", "day"),
        ("1990/03/07", "day"),
        ("07/03/1990", "day"),
        ('{"area": "1540000", "rest": "1234"}', "phone"),
    ],
)
def test_other_spellings_are_found(content: str, name: str) -> None:
    assert name in found(content)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"form": "masked", "value": "154******34"}',
        '{"form": "masked", "value": "9****************X"}',
        '{"form": "masked", "value": "欧阳**"}',
        '{"form": "masked", "value": "***"}',
        '{"form": "token", "value": "tk_ba74c8090eaf4e5f8d9346"}',
        '{"form": "bucket", "min": 5000000, "max": 10000000, "unit": "CNY"}',
        '{"form": "masked", "value": "1990"}',
        '{"at": "2026-03-07T08:00:00+08:00", "query_id": "q-154-0000"}',
        "1540000123",
        "欧阳测试",
        "7654321.81",
        "17654321.805",
    ],
)
def test_lawful_content_raises_no_alarm(content: str) -> None:
    assert found(content) == set()


def test_a_short_value_proves_nothing() -> None:
    search = LeakSearch({"name": "测甲", "code": "01", "year": "199"})

    assert search.content("测甲 01 199".encode()) == ()


def test_a_short_number_counts_only_when_it_stands_alone() -> None:
    search = LeakSearch({"staff": "4711"})

    assert search.content(b'{"staff": 4711}')
    assert not search.content(b'{"time": "14711", "id": "a4711b", "sum": 47110}')


def test_the_neighbors_of_a_short_value_are_those_of_its_line() -> None:
    """Separators are left out where spaced and reversed values are looked for; lines stay apart."""
    search = LeakSearch({"code": "A1b2"})

    assert search.content(b"2b1A\n13812345678")
    assert search.content(b"7\n2b1A")
    assert search.content(b"7\n2b-1A\n7")
    assert not search.content(b"2b1A 13812345678")
    assert not search.content(b"72b1A\n")
    assert not search.content(b"2b1\nA7")


def test_a_value_that_is_part_of_a_lawful_text_is_not_looked_for() -> None:
    search = LeakSearch({"owner": "测试甲乙"}, allowed=["测试甲乙经营部"])

    assert search.content("测试甲乙经营部".encode()) == ()


def test_the_place_is_named() -> None:
    search = LeakSearch({"phone": PHONE})
    body = json.dumps({"results": [{"x": 1}, {"note": f"call {PHONE}"}]}).encode()
    reply = Reply(200, (("x-debug", base64.b64encode(PHONE.encode()).decode()),), body, 0.0)

    places = {(leak.where, leak.encoding) for leak in search.reply(reply)}

    assert places == {("reply.body/results/1/note", "raw"), ("reply.headers/x-debug", "base64")}


def test_hostile_bodies_do_no_harm() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    for content in (bomb, b"\xff\xfe\x00", b"[" * 5000, b"\x1f\x8b\x08broken", b"%u%%zz&#xFFFFFFFF;\\uD800"):
        assert found(content) == set()


@given(st.text(max_size=200), st.text(max_size=50), st.sampled_from(sorted(GUISES)))
@settings(max_examples=200, deadline=None)
def test_found_wherever_it_stands(before: str, after: str, guise: str) -> None:
    """Fail closed: no surroundings hide a value that stands there as text."""
    disguised = GUISES[guise](PHONE)
    if isinstance(disguised, bytes):
        disguised = disguised.decode("ascii", "ignore") if disguised.isascii() else PHONE
    content = f"{before} {disguised} {after}".encode("utf-8", "replace")
    if "base64" in guise or "u" in guise or "percent" in guise or "html" in guise or "\0" in disguised:
        content = f" {disguised} {after}".encode("utf-8", "replace")

    assert "phone" in found(content)


@given(st.text(alphabet="0123456789abcdef", min_size=64, max_size=4000))
@settings(max_examples=100, deadline=None)
def test_digests_of_other_values_raise_no_alarm(noise: str) -> None:
    assert found(noise.replace(PHONE, "")) == set()


def test_what_servers_count_by_themselves_is_no_leak() -> None:
    reply = Reply(200, (("content-length", "4321"), ("x-debug", "4321")), b"{}", 0.0)
    assert [leak.where for leak in LeakSearch({"amount": "4321"}).reply(reply)] == ["reply.headers/x-debug"]
