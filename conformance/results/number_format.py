"""Numbers as a reader sees them. A few among millions are never rounded away."""

_LEAST = 0.0001


def count(number: int) -> str:
    """With the thousands set apart."""
    return f"{number:,}"


def share(part: int, of: int) -> str:
    """Percent; only nothing is 0 % and only everything 100 %."""
    if not of:
        return "–"
    if part in (0, of):
        return "100%" if part else "0%"
    if part < _LEAST * of:
        return "<0.01%"
    if of - part < _LEAST * of:
        return ">99.99%"
    return f"{100 * part / of:.2f}%"
