"""From the words of the existing API to those of the standard: values, codes, errors. Pure functions."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

STATUSES = {
    "存续": "ACTIVE",
    "歇业": "SUSPENDED",
    "清算": "LIQUIDATION",
    "吊销": "REVOKED",
    "注销": "CANCELLED",
}
TYPES = {"1": "LIMITED_COMPANY", "2": "JOINT_STOCK_COMPANY", "5": "PARTNERSHIP", "9": "INDIVIDUAL_BUSINESS"}
CURRENCIES = {"人民币": "CNY", "美元": "USD", "": "CNY"}
FOREVER = "99991231"
FAILURES = {"1004": (404, "not_found"), "2001": (401, "unauthorized"), "9999": (503, "unavailable")}
"""What the existing API says inside a reply 200, as a status and a problem code of the standard."""


class UnmappableError(ValueError):
    """A value for which the standard has no word. Say so and mend the source; never guess."""

    def __init__(self, field: str) -> None:
        super().__init__(f"no value of the standard fits what the source has in {field}")


def basic_registration(data: Mapping[str, str]) -> dict[str, Any]:
    """The content of item F01-01. What the source leaves empty is left out: no empty text is a value."""
    content = {
        "registration_no": data["zch"],
        "registration_authority": data["djjg"],
        "subject_type": code("ztlx", data["ztlx"], TYPES),
        "registration_status": code("djzt", data["djzt"].partition("（")[0], STATUSES),
        "legal_representative": data["fddbr"],
        "registered_capital": yuan("zczb", data["zczb"]),
        "capital_currency": code("bz", data["bz"], CURRENCIES),
        "industry_code": data["hydm"][:3],  # the source has classes, the standard divisions
        "business_scope": data["jyfw"],
        "registered_address": data["zs"],
        "division_code": data["xzqh"],
        "establish_date": date("clrq", data["clrq"]),
        "approval_date": date("hzrq", data["hzrq"]),
        "term_to": date("yyqxz", data["yyqxz"]),
    }
    return {name: value for name, value in content.items() if value}


def code(field: str, value: str, table: Mapping[str, str]) -> str:
    if value not in table:
        raise UnmappableError(field)
    return table[value]


def yuan(field: str, ten_thousands: str) -> str | None:
    """Ten thousand yuan as text to yuan as text. By way of decimals: a float would change the last digits."""
    if not ten_thousands:
        return None
    try:
        amount = Decimal(ten_thousands) * 10_000
        return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    except InvalidOperation:
        raise UnmappableError(field) from None


def date(field: str, digits: str) -> str | None:
    """`20200131` to `2020-01-31`; an open end is an absent member, not a day in the year 9999."""
    if digits in {"", FOREVER}:
        return None
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise UnmappableError(field)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def problem(status: int, name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Problem details (RFC 9457) in both languages; never with a value of the request in them."""
    return {
        "type": f"urn:fcsp:problem:{name}",
        "title": texts["en"],
        "status": status,
        "code": name,
        "detail_i18n": dict(texts),
    }
