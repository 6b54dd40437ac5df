"""Test identities with valid check characters, made only of what `codes/reserved.yaml` sets aside."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

Reserved = Mapping[str, Any]

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "0123456789"
_FIRST_BIRTH, _BIRTH_DAYS = date(1950, 1, 1), 20_000


def uscc(random: Random, reserved: Reserved, kind: str = "enterprise") -> str:
    """A unified social credit code (GB 32100-2015) of a kind of organization, in a test division."""
    lead = reserved["uscc"]["leads"].get(kind) or reserved["uscc"]["leads"]["enterprise"]
    body: str = lead + random.choice(reserved["uscc"]["divisions"]) + org_code(random, reserved)
    return body + uscc_check(body)


def uscc_check(body: str) -> str:
    """The 18th character for the first 17: weights 3^n mod 31 over 31 characters (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def org_code(random: Random, reserved: Reserved) -> str:
    """An organization code (GB 11714-1997, MOD 11) in the alphabet of the unified social credit code."""
    body: str = reserved["org_code_prefix"] + _draw(random, USCC_ALPHABET, 6)
    total = sum(int(c, 36) * w for c, w in zip(body, _ORG_WEIGHTS, strict=True))
    return body + "0123456789X"[-total % 11]


def resident_id(random: Random, reserved: Reserved) -> str:
    """A resident identity number (GB 11643-1999) of an area code that is not assigned."""
    born = _FIRST_BIRTH + timedelta(days=random.randrange(_BIRTH_DAYS))
    body = f"{reserved['resident_id_area']}{born:%Y%m%d}{random.randrange(1, 1000):03d}"
    return body + resident_check(body)


def resident_check(body: str) -> str:
    """The 18th character for the first 17 (ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, _RESIDENT_WEIGHTS, strict=True)) % 11]


def family_farm_code(random: Random, reserved: Reserved) -> str:
    """A code of a family farm: the reserved prefix and 12 digits."""
    return str(reserved["family_farm_code_prefix"]) + _draw(random, _DIGITS, 12)


def patent_no(random: Random, reserved: Reserved) -> str:
    """A patent number (ZC 0006-2003) of a year without applications, with its check character (MOD 11)."""
    body = str(reserved["patent_year"]) + _draw(random, _DIGITS, 8)
    total = sum(int(c) * w for c, w in zip(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True))
    return f"ZL{body}{'0123456789X'[total % 11]}"


def mobile(random: Random, reserved: Reserved) -> str:
    """A mobile number of 11 digits with a prefix that is not assigned."""
    prefix: str = random.choice(reserved["mobile_prefixes"])
    return prefix + _draw(random, _DIGITS, 11 - len(prefix))


def landline(random: Random, reserved: Reserved) -> str:
    """A landline number: area code, hyphen, 8 digits."""
    line = reserved["landline"]
    return f"{line['area']}-{line['number_prefix']}{_draw(random, _DIGITS, 8 - len(line['number_prefix']))}"


def bank_card(random: Random, reserved: Reserved) -> str:
    """A card number of 19 digits with its Luhn check digit (ISO/IEC 7812-1, annex B)."""
    issuer: str = random.choice(reserved["bank_card_bins"])
    body = issuer + _draw(random, _DIGITS, 18 - len(issuer))
    doubled = (int(c) * (2 - n % 2) for n, c in enumerate(reversed(body)))
    return body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def plate(random: Random, reserved: Reserved) -> str:
    return str(reserved["plate_prefix"]) + _draw(random, _DIGITS, 5)


def passport(random: Random, reserved: Reserved) -> str:
    return str(reserved["passport_prefix"]) + _draw(random, _DIGITS, 7)


def email(random: Random, reserved: Reserved) -> str:
    return f"test{_draw(random, _DIGITS, 8)}@{reserved['email_domain']}"


def person_name(random: Random, reserved: Reserved) -> str:
    return str(random.choice(reserved["surnames"])) + str(random.choice(reserved["given_names"]))


def organization_name(random: Random, reserved: Reserved, kind: str = "enterprise") -> str:
    """E.g. 测试市示例机械有限公司; a number keeps the names of one run apart."""
    names = reserved["enterprise_names"]
    suffix = names["suffixes"].get(kind) or names["suffixes"]["enterprise"]
    word, trade = random.choice(names["words"]), random.choice(names["trades"])
    return f"{names['prefix']}{word}{_draw(random, _DIGITS, 6)}{trade}{suffix}"


def address(random: Random, reserved: Reserved) -> str:
    return f"{random.choice(reserved['addresses'])}{random.randrange(1, 10_000)}室"


def free_text(random: Random, reserved: Reserved) -> str:
    return f"{random.choice(reserved['free_text'])}（编号{_draw(random, _DIGITS, 6)}）"


def subject(random: Random, reserved: Reserved, kind: str = "enterprise") -> dict[str, Any]:
    """The subject of a record under the identifier by which its type is usually known."""
    match kind:
        case "natural_person" | "farmer_household":
            name, scheme, value = person_name(random, reserved), "resident_id", resident_id(random, reserved)
        case "family_farm":
            name, scheme = organization_name(random, reserved, kind), "family_farm_code"
            value = family_farm_code(random, reserved)
        case _:
            name, scheme = organization_name(random, reserved, kind), "uscc"
            value = uscc(random, reserved, kind)
    return {"type": kind, "name": name, "ids": [{"scheme": scheme, "value": value}]}


def _draw(random: Random, alphabet: Sequence[str], length: int) -> str:
    return "".join(random.choice(alphabet) for _ in range(length))
