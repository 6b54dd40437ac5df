"""Source channels of records, by the code sets `source_channel` and `sharing_mode`."""

from collections.abc import Iterator

from conformance.model.standard import Standard


def usual_channel(standard: Standard, sharing_mode: str) -> str:
    """The channel by which records of a sharing mode usually come."""
    return channels_of(standard, sharing_mode)[0]


def channels_of(standard: Standard, sharing_mode: str) -> tuple[str, ...]:
    """The channels by which records of a sharing mode come, the usual one first."""
    return tuple(standard.codes["sharing_mode"].codes[sharing_mode].properties["channels"])


def prevailing_channel(standard: Standard) -> str:
    """The channel whose record is served where others tell of the same matter."""
    return next(_channels_with(standard, "prevails"))


def local_channel(standard: Standard) -> str:
    """The usual channel of what is collected locally and in no other way."""
    local = frozenset(_channels_with(standard, "collected_locally"))
    modes = standard.codes["sharing_mode"].codes
    return next(
        usual_channel(standard, mode) for mode in modes if local.issuperset(channels_of(standard, mode))
    )


def modes_shared_centrally(standard: Standard, *, also_locally: bool) -> tuple[str, ...]:
    """Sharing modes whose records come by the prevailing channel: alone, or also from a locality."""
    local = frozenset(_channels_with(standard, "collected_locally"))
    return tuple(
        mode
        for mode in standard.codes["sharing_mode"].codes
        if prevailing_channel(standard) in channels_of(standard, mode)
        and also_locally != local.isdisjoint(channels_of(standard, mode))
    )


def _channels_with(standard: Standard, annotation: str) -> Iterator[str]:
    codes = standard.codes["source_channel"].codes.values()
    return (code.code for code in codes if code.properties.get(annotation))
