"""How many originals a partial mask leaves: the strength of a mask, counted apart from the operators."""

import pytest

from reference_impl.desensitization import Desensitization

FLOOR = {"S3": 10**4, "S4": 10**6}
DAYS_OF_A_CENTURY = 36_525
CHECKED = 11
CLASSES = {
    "resident_id": "S4",
    "id_document": "S4",
    "passport": "S4",
    "bank_card": "S4",
    "mobile": "S3",
    "phone": "S3",
    "plate": "S3",
    "account_no": "S3",
    "taxpayer_id": "S3",
}


def left(type_id: str, hidden: int) -> int:
    """Originals when each hidden position is a digit at least, and the check digit is known to fit."""
    if type_id == "resident_id":
        return 10**5 * DAYS_OF_A_CENTURY * 10**2 // CHECKED
    return int(10**hidden) // (CHECKED if type_id in {"bank_card", "taxpayer_id"} else 1)


def test_every_mask_is_counted(desensitization: Desensitization) -> None:
    rules = desensitization.types.values()
    masks = {rule.id for rule in rules for call in rule.calls.values() if call.op == "mask"}
    assert masks == CLASSES.keys()


@pytest.mark.parametrize("type_id", CLASSES)
def test_enough_originals_remain(desensitization: Desensitization, type_id: str) -> None:
    hidden = desensitization.call(type_id, "part").parameters["min_hidden"]
    assert left(type_id, hidden) >= FLOOR[CLASSES[type_id]]


def test_usual_mask_of_six_and_four_would_not_do() -> None:
    days_of_birth, check_fits = 79 * 365, CHECKED
    assert days_of_birth // check_fits < FLOOR["S4"]
