"""Source channels, by the code sets `source_channel` and `sharing_mode`."""

from reference_impl.standard.schemas import Codes


def prevailing_channels(codes: Codes) -> frozenset[str]:
    """Channels whose record is served where others tell of the same matter."""
    return frozenset(code for code, row in codes["source_channel"].items() if row.get("prevails"))


def is_local_repeat(codes: Codes, sharing_mode: str, channel: str) -> bool:
    """True if a record was collected locally although its item is shared by headquarters alone."""
    usual = codes["sharing_mode"][sharing_mode]["channels"]
    local = {code for code, row in codes["source_channel"].items() if row.get("collected_locally")}
    return channel in local and local.isdisjoint(usual)
