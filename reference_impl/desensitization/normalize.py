"""Normal forms of strings (Unicode UAX #15), and the units in which their length is counted."""

import re
import unicodedata
from string import ascii_lowercase, ascii_uppercase

from reference_impl.desensitization.tables import Tables

ASCII_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
SURROGATE = re.compile("[\ud800-\udfff]")
ATTACHED = frozenset({"Mn", "Mc", "Me", "Cf"})


def is_blank(text: str, tables: Tables) -> bool:
    return all(c in tables.white_space for c in text)


def has_surrogate(text: str) -> bool:
    return SURROGATE.search(text) is not None


def normalize(text: str, form: str, tables: Tables) -> str:
    match form:
        case "id":
            return identifier(text, tables)
        case "text":
            return _trimmed(text, tables)
        case "name":
            return "".join("·" if c in tables.middle_dots else c for c in _trimmed(text, tables))
        case _:
            return text


def identifier(text: str, tables: Tables) -> str:
    """The `id` normal form, by which identifiers are compared: NFKC, upper case, no spaces or dashes."""
    ignored = tables.white_space | tables.dashes
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c not in ignored).translate(ASCII_UPPER)


def units(text: str) -> list[str]:
    """Characters as users perceive them: a code point with the marks and format characters that follow it."""
    characters: list[str] = []
    for c in text:
        if characters and unicodedata.category(c) in ATTACHED:
            characters[-1] += c
        else:
            characters.append(c)
    return characters


def _trimmed(text: str, tables: Tables) -> str:
    return unicodedata.normalize("NFC", text).strip("".join(tables.white_space))
