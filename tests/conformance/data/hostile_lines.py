"""Lines that a reader may take for something else: built from a good row, each odd in one way."""

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

STYLES = ((",", ":"), (", ", ": "))


def written(row: Mapping[str, Any], style: tuple[str, str] = STYLES[0]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=style).encode()


def lines(row: Mapping[str, Any], random: Random) -> Iterator[bytes]:
    """Odd lines about a row; no line holds a line break."""
    for style in STYLES:
        yield written(row, style)
        for name in random.sample(sorted(row), min(len(row), 6)):
            yield from _values(row, name, style)
        yield from _objects(row, style)
    yield from _spelled(row, random)
    yield from _no_objects(row)


def _values(row: Mapping[str, Any], name: str, style: tuple[str, str]) -> Iterator[bytes]:
    value = row[name]
    text = str(value)
    odd: list[Any] = [
        None,
        5,
        -1,
        0,
        5.0,
        1.5,
        10**30,
        True,
        False,
        [],
        [value],
        {},
        {"a": value},
        "",
        " ",
        text,
    ]
    odd += ["2021-2-3", "9999-9-9", "2021-02-30", "20210203", "\\N", "NULL", "nan", "NaN", "null"]
    odd += [text + "\n", "\n" + text, text + " ", "\u3000" + text, text + "\x00", text + "\x7f", text.lower()]
    odd += [text.translate({n + 48: n + 0xFF10 for n in range(10)}), text + "\u0301", "٣" * 18, text * 50]
    odd += [
        "{",
        "}",
        "[",
        '"',
        ":",
        '":5',
        ":5",
        '","x":"',
        "\\",
        "\u202e" + text,
        "𠮷" + text,
        "-0",
        "-0.00",
        "+1",
        "1e2",
        "01",
    ]
    for odd_name in odd:
        yield written({**row, name: odd_name}, style)


def _objects(row: Mapping[str, Any], style: tuple[str, str]) -> Iterator[bytes]:
    names = sorted(row)
    yield written({}, style)
    for name in names:
        yield written({k: v for k, v in row.items() if k != name}, style)
    for extra, value in (
        ("x", 1),
        ("x", ""),
        ("x", None),
        ("", "x"),
        ("x" * 30, "y"),
        (names[0].upper(), "z"),
    ):
        yield written({**row, extra: value}, style)
        yield written({extra: value, **row}, style)
    yield written({name: row[name] for name in reversed(names)}, style)


def _spelled(row: Mapping[str, Any], random: Random) -> Iterator[bytes]:
    """The same text in other spellings, and faults that would make up for each other's length."""
    good = written(row)
    name = random.choice([n for n, v in row.items() if isinstance(v, str)])
    value = json.dumps(row[name], ensure_ascii=False).encode()
    key = json.dumps(name).encode()
    member = key + b":" + value
    yield json.dumps(row).encode()
    yield good.replace(key, b'"\\u%04x%s' % (ord(name[0]), key[2:]), 1)
    yield good.replace(member, member + b"," + member, 1)
    yield good.replace(member, member + b"," + key + b':"other"', 1)
    yield good.replace(member, key + b':"other",' + member, 1)
    for blank in (b" ", b"  ", b"\t", b"\t\t", b"\r\r", b" \t"):
        for bare in (b"5", b"55", b"null", b"true"):
            yield good.replace(member, key + blank + b":" + bare, 1)
            yield good.replace(member, key + b":" + bare + blank, 1)
            yield good.replace(member, key + b":" + blank + bare, 1)
            yield blank + good.replace(member, key + b":" + bare, 1)
            yield good.replace(member, key + b":" + bare, 1) + blank
        yield good.replace(b'":"', b'":' + blank + b'"', 1)
        yield good + blank
    yield good.replace(member, key + b':5,"":0', 1)
    yield good.replace(member, key + b':1,"a":2,"b":3', 1)
    yield good + b"\r"
    yield b"\xef\xbb\xbf" + good
    yield good.replace(b"}", b"\r}", 1)


def _no_objects(row: Mapping[str, Any]) -> Iterator[bytes]:
    good = written(row)
    yield from (
        good[: len(good) // 2],
        good[1:],
        good[:-1],
        good + good,
        good + b" " + good,
        b"[" + good + b"]",
    )
    yield from (
        good + b"x",
        good.replace(b":", b"", 1),
        good.replace(b",", b"", 1),
        good.replace(b'"', b"'", 2),
    )
    yield from (good[:-1] + b",}", b"{" + good + b"}", good.replace(b"{", b"{,", 1))
    yield from (
        b"",
        b" ",
        b"null",
        b"5",
        b'"x"',
        b"[]",
        b"{}",
        b"{",
        b"}",
        b"\x00",
        b"\xff",
        b"NaN",
        b"//",
        b"{}{}",
    )
    yield good.replace(b'":"', b'":NaN,"z":"', 1)
    yield good.replace(b'":"', b'":Infinity,"z":"', 1)
    yield good.replace(b'":"', b'":1e400,"z":"', 1)
    yield good.replace(b'":"', b'":"\xff', 1)
    yield good.replace(b'":"', b'":"\xc0\xaf', 1)
    yield good.replace(b'":"', b'":"\xed\xa0\x80', 1)
    yield good.replace(b'":"', b'":"\\ud800', 1)
    yield good.replace(b'":"', b'":"\\ud83d\\ude00', 1)
    yield good.replace(b'":"', b'":"\\u0000', 1)
    yield good.replace(b'":"', b'":"\x01', 1)
    yield good.replace(b'":"', b'":"\\x', 1)
    yield "".join(good.decode()).encode("gb18030")
    yield b'{"a":' * 20_000 + b"1" + b"}" * 20_000
