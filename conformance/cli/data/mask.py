"""`fcsp data mask`: the rows of files as an audience may see them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.cli.data.check import Division, ItemOption, Paths
from conformance.cli.data.mask_files import disclose, failure
from conformance.cli.shared.errors import Failure
from conformance.cli.shared.options import AsOf, Force, LangOption, StandardOption
from conformance.model.text import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.cli.shared.voice import Voice
    from conformance.data.files import File
    from conformance.data.mask import Plan
    from conformance.model.standard import Standard

Audience = Annotated[str, typer.Option("--audience", metavar="CODE", help="披露对象 · Who gets the rows.")]
Authorized = Annotated[
    bool, typer.Option("--authorized", help="主体均已授权 · Every subject of the rows has authorized it.")
]
Persons = Annotated[
    Path | None,
    typer.Option(
        "--persons",
        metavar="FILE",
        help="已授权自然人的身份号码，每行一个 · Identity numbers of persons who authorized it.",
    ),
]
SubjectType = Annotated[
    str | None,
    typer.Option("--subject-type", metavar="CODE", help="未注明的主体类型 · Type of subjects without one."),
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="令牌化值的密钥 · Key of the pseudonyms.")
]
Recipient = Annotated[
    str, typer.Option("--recipient", metavar="ID", help="接收方标识 · Who gets the pseudonyms.")
]
SHORTEST_KEY = 16
"""Bytes; with a shorter one the standard gives no pseudonyms."""
Folder = Annotated[Path, typer.Option("--output", metavar="DIR", help="写到此目录 · Write into DIR.")]


def mask(
    paths: Paths,
    lang: LangOption,
    audience: Audience,
    item: ItemOption = None,
    authorized: Authorized = False,
    persons: Persons = None,
    subject_type: SubjectType = None,
    key_file: KeyFile = None,
    recipient: Recipient = "",
    division: Division = "",
    as_of: AsOf = None,
    output: Folder = Path("masked"),
    standard: StandardOption = None,
    force: Force = False,
) -> None:
    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.voice import Voice
    from conformance.data.files import ReadErrors, discover
    from conformance.data.mask import Terms, compile_plan
    from conformance.loader import load_standard

    loaded = load_standard(standard).on(day(as_of), division)
    _known(loaded, item, audience, subject_type)
    delivery, voice = discover(paths, output), Voice(lang)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    whose = (audience, authorized, frozenset(_lines(persons)), subject_type)
    key = key_file.read_bytes().strip() if key_file else b""
    items = _items(loaded, delivery.files, item)
    terms = {code: Terms(loaded, loaded.checklist.item(code), *whose, key, recipient) for code in items}
    plans = {code: compile_plan(each) for code, each in terms.items()}
    for plan in plans.values():
        _possible(plan, voice)
    meant = {file: plans[code] for code, files in items.items() for file in files}
    raise typer.Exit(0 if disclose(meant, output, voice, force=force) else 1)


def _items(standard: "Standard", files: "Iterable[File]", item: str | None) -> "dict[str, list[File]]":
    """The files of each item: the one that is named, else as a check of files tells it."""
    from conformance.data.check.file import RECORDS, Examiner, Options
    from conformance.data.files import ReadErrors

    examiner = Examiner(standard, Options(item))
    found: dict[str, list[File]] = {}
    for file in files:
        try:
            kind = examiner.kind(file)
        except ReadErrors:
            if item is None:
                raise
            kind = item  # what is wrong with the file is said when its turn comes
        if kind == RECORDS:
            raise failure("whole_records", file=file.display_path)
        found.setdefault(kind, []).append(file)
    return found


def _known(standard: "Standard", item: str | None, audience: str, subject_type: str | None) -> None:
    if item is not None and not standard.checklist.has(item):
        raise Failure("unknown_item", code=item, known=tuple(i.code for i in standard.checklist.items))
    for set_, code in (("audience", audience), ("subject_type", subject_type)):
        known = standard.codes[set_].codes
        if code is not None and code not in known:
            raise failure(f"unknown_{set_}", code=code, known=tuple(known))


def _lines(file: Path | None) -> list[str]:
    from conformance.cli.shared.lists import lines_of

    return [line for line in lines_of(file) if line.strip()] if file else []


def _possible(plan: "Plan", voice: "Voice") -> None:
    """What makes the output useless, or a query answer `not_authorized`, is said before anything is read."""
    terms = plan.terms
    named = {"item": terms.item.code, "audience": terms.audience}
    about = terms.standard.codes["audience"].codes[terms.audience].properties
    if terms.authorized and not about.get("authorizable"):
        raise failure("not_authorizable", **named)
    if terms.gives_nothing:
        voice.line(voice.render(Message("mask.gives_nothing", named)))
        raise typer.Exit(1)
    if plan.needs_key and (len(terms.key) < SHORTEST_KEY or not terms.recipient):
        raise failure("key_needed", shortest=SHORTEST_KEY, **named)
