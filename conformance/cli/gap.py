"""`fcsp gap`: what of the checklist a platform has, as a sheet that a province fills in."""

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conformance.cli.shared.options import AsOf, Force, StandardOption, default_lang
from conformance.model.text import Lang, Text

if TYPE_CHECKING:
    from conformance.cli.shared.voice import Voice
    from conformance.gap import Comparison, Served
    from conformance.model.standard import Standard
    from conformance.model.target import Target

_SHOWN = 12

Asked = Annotated[
    Path | None,
    typer.Option("--target", metavar="FILE", help="向此平台取目录 · Ask this platform's catalog."),
]
Sheets = Annotated[
    Path,
    typer.Option("--output", metavar="FILE|DIR", help="gap.xlsx、gap.csv 或目录 · File or folder to write."),
]
SheetLang = Annotated[
    Lang | None, typer.Option("--lang", help="语言（表格默认中文）· Language; sheets are Chinese by default.")
]


def register(app: typer.Typer) -> None:
    app.command("gap", help="生成清单对照表 · Lay the checklist out as a sheet to fill in.")(gap)


def gap(
    lang: SheetLang = None,
    target: Asked = None,
    standard: StandardOption = None,
    output: Sheets = Path("gap.xlsx"),
    as_of: AsOf = None,
    force: Force = False,
) -> None:
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.voice import Voice
    from conformance.gap import CatalogError, Facts, GapFileError, compare, tables, write_gap

    loaded, described = _open(target, standard)
    voice, sheets = Voice(lang or default_lang()), Voice(lang or Lang.ZH)
    try:
        compared = compare(loaded.checklist, _served(loaded, described) if described else None)
        facts = Facts(day(as_of), _platform(described), _categories(standard))
        written = write_gap(tables(compared, loaded, facts, sheets.render), output, force=force)
    except (CatalogError, GapFileError) as error:
        raise Failure("gap_refused", why=error.message) from None
    _tell(compared, written, voice)


def _open(target: Path | None, standard: Path | None) -> "tuple[Standard, Target | None]":
    from conformance.cli.shared.inputs import open_target
    from conformance.loader import load_standard

    return (load_standard(standard), None) if target is None else open_target(target, standard)


def _served(standard: "Standard", target: "Target") -> "Served":
    """The catalog over the wire; only requests that change nothing."""
    from conformance.gap import CatalogError, read_catalog
    from conformance.model.wire import ClientToken, Reply, Request
    from conformance.runner import open_session

    client = next((c for c in (target.clients.get(r) for r in ("provider", "hub", "upstream")) if c), None)
    if client is None:
        raise CatalogError("no_client")
    with open_session(target, standard, 0, secrets.token_hex(8), read_only=True) as session:

        def send(request: Request) -> Reply:
            return session.wire.exchange(request, time.monotonic() + target.timeout)[2]

        return read_catalog(send, ClientToken(client.client_id, client.key))


def _categories(standard: Path | None) -> dict[str, Text]:
    """Categories are titles only and no part of the model: the national ones, and those of provinces."""
    from conformance.loader import read_yaml, root

    folder = root(standard) / "schemas" / "checklist"
    files = (folder / "national.yaml", *sorted((folder / "overlays").glob("*.yaml")))
    found = (category for file in files for category in read_yaml(file)["categories"])
    return {c["code"]: Text(c["title"]["zh"], c["title"]["en"]) for c in found}


def _platform(target: "Target | None") -> dict[str, Any]:
    if target is None:
        return {}
    return {
        "address": target.base_url,
        "profile": target.profile,
        "capabilities": ", ".join(target.capabilities) or "-",
    }


def _tell(compared: "Comparison", written: tuple[Path, ...], voice: "Voice") -> None:
    """How much is there, by category, and where it was written."""
    from conformance.gap import State

    counts, total = compared.counts, len(compared.lines)
    voice.say("gap_standing", status=compared.checklist.status)
    if compared.served is None:
        voice.say("gap_empty", items=total, fields=sum(len(line.item.fields) for line in compared.lines))
    else:
        there = {f"{state}": counts[state] for state in State}
        voice.say("gap_counts", total=total, beyond=len(compared.beyond), **there)
        for state in (State.MISSING, State.OTHER_VERSION):
            _list(compared, state, voice)
        if compared.served.junk:
            voice.say("gap_junk", count=compared.served.junk)
    for path in written:
        voice.say("gap_written", file=str(path))


def _list(compared: "Comparison", state: Any, voice: "Voice") -> None:
    named = [line.item for line in compared.lines if line.state is state]
    for item in named[:_SHOWN]:
        voice.line(f"  {voice.text(f'gap_{state}')}  {item.code}  {item.title.in_(voice.lang)}")
    if len(named) > _SHOWN:
        voice.say("gap_more", count=len(named) - _SHOWN)
