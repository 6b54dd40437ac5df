"""Rows changed at random, in their members and in the octets of their lines; most are wrong, not all."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from tests.conformance.data import hostile_lines
from tests.conformance.data.hostile_lines import STYLES

Row = dict[str, Any]
Style = tuple[str, str]
MOST = 3
"""Changes of one row: faults may hide each other."""
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 5.0, 1.5, 10**9, 2**53, 2**63, 10**30, [], {}, [None], {"a": 1}),
    *("", " ", "0", "-0", "0.00", "1e2", "NaN", "null", "\\N", "true", "9999-9-9", "2021-2-3", "2021-02-30"),
    *("2000-02-29", "1900-02-29", "1899-12-31", "2098-12-31", "2099-01-01", "0000-00-00", "20210203"),
    *("2021-02-03T24:00:00+08:00", "2021-02-03T09:30:60+08:00", "2021-02-03T09:30:00Z", "01", "UNKNOWN"),
)
_CHARACTERS = (
    "0123456789-.:+TZXI aA\t\n\r\x00\x1f\x7f\x85\xa0\u2028\u200b\u3000\ufeff\u0301１٣－字𠮷\\,{}[]" + '"'
)
_OCTETS = b'0123456789"":,{}[]\\ \t\r\x00\x7f\x80\xc3\xff-.eEnulltrfas/'
_WIDE = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}


def mutants(names: Sequence[str], random: Random, style: Style | None = None) -> Callable[[Row], bytes]:
    """Makes lines out of rows. `names`: the members that rows may have. `style`: None for any."""
    waiting: Iterator[bytes] = iter(())

    def made(row: Row) -> bytes:
        nonlocal waiting
        match random.randrange(4):
            case 0:
                line = next(waiting, b"")
                if not line:
                    odd = [*hostile_lines.lines(row, random)]
                    random.shuffle(odd)
                    waiting = iter(odd)
            case 1:
                line = _edited(written(row, random, style), random)
            case _:
                line = written(_changed(row, names, random), random, style)
        return line.replace(b"\n", b"\r")

    return made


def written(row: Row, random: Random, style: Style | None) -> bytes:
    """A row as a line, as some producer may write it."""
    members = random.sample([*row.items()], len(row)) if random.random() < 0.2 else row.items()
    separators = style or random.choice(STYLES)
    return json.dumps(dict(members), ensure_ascii=random.random() < 0.1, separators=separators).encode()


def _changed(row: Row, names: Sequence[str], random: Random) -> Row:
    changed = dict(row)
    for _ in range(random.randint(1, MOST)):
        _change(changed, names, random)
    return changed


def _change(row: Row, names: Sequence[str], random: Random) -> None:
    name = random.choice(sorted(row) or names)
    match random.randrange(8):
        case 0:
            row.pop(name, None)
        case 1:
            row[random.choice(names)] = random.choice(_VALUES)
        case 2:
            row[random.choice(names)] = random.choice([*row.values(), ""])
        case 3:
            row[_misspelled(name, random)] = random.choice((*_VALUES, *row.values()))
        case 4:
            row[name] = _of_another_type(row.get(name), random)
        case _:
            row[name] = _misprinted(row.get(name), random)


def _misspelled(name: str, random: Random) -> str:
    return random.choice((name + "x", name[:-1], name.upper(), f" {name}", name + "\u200b", "x", ""))


def _of_another_type(value: Any, random: Random) -> Any:
    if isinstance(value, str):
        number = int(value) if value.isascii() and value.isdigit() else len(value)
        return random.choice((number, float(number), [value], {"a": value}, value == "true", None))
    return random.choice((str(value), json.dumps(value), [value], {"a": value}, 2.0, None))


def _misprinted(value: Any, random: Random) -> Any:
    """A text with one character more, less or other, or all of it in another guise."""
    if not isinstance(value, str):
        return value + random.randint(-9, 9) if isinstance(value, int) else random.choice(_VALUES)
    at, odd = random.randrange(len(value) + 1), random.choice(_CHARACTERS)
    guises = (value.lower(), value.upper(), value.translate(_WIDE), value * 40, value[::-1], f" {value} ")
    digits = [n for n, c in enumerate(value) if c.isascii() and c.isdigit()]
    place = random.choice(digits) if digits else at
    changed_digit = f"{value[:place]}{random.randrange(10)}{value[place + 1 :]}"
    edited = (value[:at] + odd + value[at:], value[:at] + odd + value[at + 1 :], value[:at] + value[at + 1 :])
    return random.choice((*edited, changed_digit, changed_digit, changed_digit, random.choice(guises)))


def _edited(line: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, MOST)):
        at, width = random.randrange(len(line) + 1), random.choice((0, 1, 1, 2, 9))
        piece = bytes(random.choices(_OCTETS, k=random.choice((0, 1, 1, 2))))
        line = line[:at] + piece + line[at + width :]
    return line
