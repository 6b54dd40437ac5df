"""`fcsp data mask`: the rows of files as an audience may see them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.data_options import ItemOption, PathsArgument
from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.inputs import open_standard, read_lines
from conformance.cli.shared.mask_files import MaskError, disclose
from conformance.cli.shared.options import (
    AsOfOption,
    DivisionOption,
    ForceOption,
    LangOption,
    StandardOption,
)
from conformance.cli.shared.voice import Voice
from conformance.data.check.file import RECORDS, Examiner, Options
from conformance.data.files import File, ReadErrors, discover
from conformance.data.mask import DisclosureRequest, MaskPlan, compile_plan
from conformance.model.standard import Standard
from conformance.model.text import Message

SHORTEST_KEY = 16
"""Bytes; with a shorter key the standard gives no pseudonyms."""

AudienceOption = Annotated[str, typer.Option("--audience", metavar="CODE", help="option_audience")]
AuthorizedOption = Annotated[bool, typer.Option("--authorized", help="option_authorized")]
PersonsOption = Annotated[Path | None, typer.Option("--persons", metavar="FILE", help="option_persons")]
SubjectTypeOption = Annotated[
    str | None, typer.Option("--subject-type", metavar="CODE", help="option_subject_type")
]
KeyFileOption = Annotated[Path | None, typer.Option("--key-file", metavar="FILE", help="option_key_file")]
RecipientOption = Annotated[str, typer.Option("--recipient", metavar="ID", help="option_recipient")]
FolderOption = Annotated[Path, typer.Option("--output", metavar="DIR", help="option_mask_folder")]


def command(
    paths: PathsArgument,
    lang: LangOption,
    audience: AudienceOption,
    item: ItemOption = None,
    authorized: AuthorizedOption = False,
    persons: PersonsOption = None,
    subject_type: SubjectTypeOption = None,
    key_file: KeyFileOption = None,
    recipient: RecipientOption = "",
    division: DivisionOption = "",
    as_of: AsOfOption = None,
    output: FolderOption = Path("masked"),
    folder: StandardOption = None,
    force: ForceOption = False,
) -> None:
    standard = open_standard(folder, as_of, division)
    _require_known_codes(standard, item, audience, subject_type)
    delivery, voice = discover(paths, output), Voice(lang)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    disclosure = (audience, authorized, frozenset(_identity_numbers(persons)), subject_type)
    key = key_file.read_bytes().strip() if key_file else b""
    items = _files_by_item(standard, delivery.files, item)
    requests = {
        code: DisclosureRequest(standard, standard.checklist.item(code), *disclosure, key, recipient)
        for code in items
    }
    plans = {code: compile_plan(request) for code, request in requests.items()}
    for plan in plans.values():
        _require_usable(plan, voice)
    plan_of = {file: plans[code] for code, files in items.items() for file in files}
    raise typer.Exit(0 if disclose(plan_of, output, voice, force=force) else 1)


def _files_by_item(standard: Standard, files: Iterable[File], item: str | None) -> dict[str, list[File]]:
    """The files of each item: the one that is named, else as a check of files finds it. Raises ReadErrors."""
    examiner = Examiner(standard, Options(item))
    by_item: dict[str, list[File]] = {}
    for file in files:
        try:
            kind = examiner.kind(file)
        except ReadErrors:
            if item is None:
                raise
            kind = item  # what is wrong with the file is said when its turn comes
        if kind == RECORDS:
            raise MaskError("whole_records", file=file.display_path)
        by_item.setdefault(kind, []).append(file)
    return by_item


def _require_known_codes(
    standard: Standard, item: str | None, audience: str, subject_type: str | None
) -> None:
    if item is not None and not standard.checklist.has(item):
        raise CommandError("unknown_item", code=item, known=tuple(i.code for i in standard.checklist.items))
    for set_, code in (("audience", audience), ("subject_type", subject_type)):
        codes = standard.codes[set_].codes
        if code is not None and code not in codes:
            raise MaskError(f"unknown_{set_}", code=code, known=tuple(codes))


def _identity_numbers(file: Path | None) -> list[str]:
    return [line for line in read_lines(file) if line.strip()] if file else []


def _require_usable(plan: MaskPlan, voice: Voice) -> None:
    """Raises MaskError for an output that would be useless, typer.Exit where a query would be refused."""
    request = plan.request
    args = {"item": request.item.code, "audience": request.audience}
    properties = request.standard.codes["audience"].codes[request.audience].properties
    if request.authorized and not properties.get("authorizable"):
        raise MaskError("not_authorizable", **args)
    if request.gives_nothing:
        voice.show(Message("mask.gives_nothing", args))
        raise typer.Exit(1)
    if plan.needs_key and (len(request.key) < SHORTEST_KEY or not request.recipient):
        raise MaskError("key_needed", shortest=SHORTEST_KEY, **args)
