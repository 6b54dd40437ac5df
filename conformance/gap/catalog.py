"""The catalog of a platform, read with tolerance: an entry that makes no sense is counted, never trusted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.model.errors import UserError
from conformance.model.text import Message
from conformance.model.wire import Credential, Reply, Request

_PAGES = 100
_ENTRIES = 5000
_LONGEST = 200

Send = Callable[[Request], Reply]
"""Sends one request through the wire; raises when no reply of a platform arrives."""


class CatalogError(UserError):
    """The platform's reply is not a catalog; the message says what it is instead."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(Message(f"gap.{key}", args))


@dataclass(frozen=True, slots=True)
class Entry:
    """A platform's entry for one item; members that are missing or malformed are empty or None."""

    code: str
    title: str
    version: str
    digest: str
    records: int | None
    last_collected: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """The catalog of a platform."""

    checklist_version: str
    entries: Mapping[str, Entry]
    """By item code; of several entries for one item the first."""
    junk: int
    """Entries that name no item, or one that was named before."""


def read_catalog(send: Send, credential: Credential) -> Served:
    """All pages of the catalog. Raises CatalogError if a reply is not a catalog page, or paging fails."""
    version, entries, junk = "", dict[str, Entry](), 0
    for page in _pages(send, credential):
        version = version or _text(page.get("checklist_version"))
        for raw in page["items"]:
            entry = _entry(raw)
            if entry is None or entry.code in entries:
                junk += 1
            elif len(entries) < _ENTRIES:
                entries[entry.code] = entry
    return Served(version, entries, junk)


def _pages(send: Send, credential: Credential) -> Iterator[Mapping[str, Any]]:
    request, cursors = Request("getCatalog", credential=credential), set[str]()
    for _ in range(_PAGES):
        page = _page(send(request))
        yield page
        cursor = page.get("next_cursor")
        if cursor is None:
            return
        if not isinstance(cursor, str) or cursor in cursors:
            raise CatalogError("catalog_pages")
        cursors.add(cursor)
        request = replace(request, query={"cursor": cursor})
    raise CatalogError("catalog_pages")


def _page(reply: Reply) -> Mapping[str, Any]:
    if reply.status != 200:
        raise CatalogError("catalog_status", status=reply.status)
    try:
        content = reply.json
    except (ValueError, RecursionError):
        raise CatalogError("catalog_shape") from None
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise CatalogError("catalog_shape")
    return content


def _entry(raw: Any) -> Entry | None:
    if not isinstance(raw, dict) or not _text(raw.get("item_code")):
        return None
    title, fresh = _object(raw.get("title")), _object(raw.get("freshness"))
    records, channels = fresh.get("records"), raw.get("channel")
    return Entry(
        code=_text(raw["item_code"]),
        title=_text(title.get("zh")) or _text(title.get("en")),
        version=_text(raw.get("version")),
        digest=_text(raw.get("schema_digest")),
        records=records if isinstance(records, int) and not isinstance(records, bool) else None,
        last_collected=_text(fresh.get("last_collected_at")),
        channels=tuple(filter(None, map(_text, channels[:20]))) if isinstance(channels, list) else (),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """One short line of what the platform says; it ends up in somebody's spreadsheet."""
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in value[:_LONGEST]).strip()
