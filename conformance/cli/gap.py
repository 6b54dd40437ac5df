"""`fcsp gap`: the checklist beside what a platform has, as a sheet that a province fills in."""

import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.inputs import judgement_day, open_target
from conformance.cli.shared.language import default_lang
from conformance.cli.shared.options import AsOfOption, ForceOption, StandardOption
from conformance.cli.shared.voice import Voice
from conformance.expect import Undecided
from conformance.gap import (
    CatalogError,
    Comparison,
    Facts,
    ItemState,
    Served,
    compare,
    read_catalog,
    tables,
    write_gap,
)
from conformance.loader import load_standard, read_yaml, root
from conformance.model.errors import UserError
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Lang, Message, Text
from conformance.model.wire import ClientToken, Reply, Request
from conformance.runner import open_session

_LISTED = 12
"""Items of one state that are listed on the terminal."""

CatalogTargetOption = Annotated[
    Path | None, typer.Option("--target", metavar="FILE", help="option_catalog_target")
]
SheetOption = Annotated[Path, typer.Option("--output", metavar="FILE|DIR", help="option_sheet_output")]
SheetLangOption = Annotated[Lang | None, typer.Option("--lang", help="option_sheet_lang")]


def command(
    lang: SheetLangOption = None,
    target_file: CatalogTargetOption = None,
    folder: StandardOption = None,
    output: SheetOption = Path("gap.xlsx"),
    as_of: AsOfOption = None,
    force: ForceOption = False,
) -> None:
    standard, target = _open(target_file, folder)
    voice, sheets = Voice(lang or default_lang()), Voice(lang or Lang.ZH)
    comparison = compare(standard.checklist, _served(standard, target) if target else None)
    facts = Facts(judgement_day(as_of, standard), _platform(target), _categories(folder))
    files = write_gap(tables(comparison, standard, facts, sheets.render), output, force=force)
    _print_comparison(comparison, files, voice)


def _open(target_file: Path | None, folder: Path | None) -> tuple[Standard, Target | None]:
    return (load_standard(folder), None) if target_file is None else open_target(target_file, folder)


def _served(standard: Standard, target: Target) -> Served:
    """The catalog over the wire, by requests that change nothing. Raises CatalogError, UserError."""
    client = next((c for c in (target.clients.get(r) for r in ("provider", "hub", "upstream")) if c), None)
    if client is None:
        raise CatalogError("no_client")
    try:
        session = open_session(target, standard, 0, secrets.token_hex(8), read_only=True)
    except Undecided as error:
        raise UserError(Message("cli.not_started", {"why": error.message})) from error
    with session:

        def send(request: Request) -> Reply:
            return session.wire.exchange(request, time.monotonic() + target.timeout)[2]

        return read_catalog(send, ClientToken(client.client_id, client.key))


def _categories(folder: Path | None) -> dict[str, Text]:
    """Titles of the national and provincial categories by code; they are not part of the model."""
    checklists = root(folder) / "schemas" / "checklist"
    files = (checklists / "national.yaml", *sorted((checklists / "overlays").glob("*.yaml")))
    categories = (category for file in files for category in read_yaml(file)["categories"])
    return {c["code"]: Text(c["title"]["zh"], c["title"]["en"]) for c in categories}


def _platform(target: Target | None) -> dict[str, str]:
    if target is None:
        return {}
    return {
        "address": target.base_url,
        "profile": target.profile,
        "capabilities": ", ".join(target.capabilities) or "-",
    }


def _print_comparison(comparison: Comparison, files: tuple[Path, ...], voice: Voice) -> None:
    """How many items are in which state, those that are missing, and where the sheets are."""
    counts, total = comparison.counts, len(comparison.lines)
    voice.say("gap_standing", status=comparison.checklist.status)
    if comparison.catalog is None:
        voice.say("gap_empty", items=total, fields=sum(len(line.item.fields) for line in comparison.lines))
    else:
        by_state = {f"{state}": counts[state] for state in ItemState}
        voice.say("gap_counts", total=total, beyond=len(comparison.extra_entries), **by_state)
        for state in (ItemState.MISSING, ItemState.OTHER_VERSION):
            _print_items(comparison, state, voice)
        if comparison.catalog.junk:
            voice.say("gap_junk", count=comparison.catalog.junk)
    for path in files:
        voice.say("gap_written", file=str(path))


def _print_items(comparison: Comparison, state: ItemState, voice: Voice) -> None:
    items = [line.item for line in comparison.lines if line.state is state]
    for item in items[:_LISTED]:
        voice.line(f"  {voice.text(f'gap_{state}')}  {item.code}  {item.title.in_(voice.lang)}")
    if len(items) > _LISTED:
        voice.say("gap_more", count=len(items) - _LISTED)
