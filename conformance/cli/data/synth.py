"""`fcsp data synth`: rows of an item, or the data set of a platform, each with options of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.options import ForceOption, LangOption, SeedOption, StandardOption
from conformance.cli.shared.synth_preload import DataSetRequest, make_data_set
from conformance.cli.shared.synth_request import RowsRequest, SynthError
from conformance.cli.shared.voice import Voice

OutputOption = Annotated[
    Path | None, typer.Option("--output", metavar="FILE|DIR", help="option_synth_output")
]
ForTargetOption = Annotated[
    Path | None, typer.Option("--for-target", metavar="FILE", help="option_for_target")
]
ItemOption = Annotated[str | None, typer.Option("--item", metavar="CODE", help="option_synth_item")]
RowsOption = Annotated[int | None, typer.Option("--rows", metavar="N", help="option_rows")]
FaultsOption = Annotated[float | None, typer.Option("--faults", metavar="RATE", help="option_faults")]
KindsOption = Annotated[str | None, typer.Option("--kinds", metavar="A,B", help="option_kinds")]
FormatOption = Annotated[str | None, typer.Option("--format", metavar="FORMAT", help="option_format")]
LayoutOption = Annotated[str | None, typer.Option("--layout", metavar="LAYOUT", help="option_layout")]
TruthOption = Annotated[Path | None, typer.Option("--truth", metavar="FILE", help="option_truth")]
FilesOption = Annotated[int | None, typer.Option("--files", metavar="K", help="option_files")]
ColumnsOption = Annotated[str | None, typer.Option("--columns", metavar="A,B", help="option_columns")]
SetNonceOption = Annotated[str | None, typer.Option("--nonce", metavar="TEXT", help="option_nonce")]
RowsDayOption = Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="option_as_of")]


def command(
    lang: LangOption,
    for_target: ForTargetOption = None,
    item: ItemOption = None,
    rows: RowsOption = None,
    faults: FaultsOption = None,
    kinds: KindsOption = None,
    form: FormatOption = None,
    layout: LayoutOption = None,
    columns: ColumnsOption = None,
    output: OutputOption = None,
    truth: TruthOption = None,
    files: FilesOption = None,
    as_of: RowsDayOption = None,
    seed: SeedOption = 0,
    nonce: SetNonceOption = None,
    folder: StandardOption = None,
    force: ForceOption = False,
) -> None:
    request = RowsRequest(
        item=item,
        rows=rows,
        faults=faults,
        kinds=kinds,
        form=form,
        layout=layout,
        columns=columns,
        truth=truth,
        files=files,
        as_of=as_of,
        output=output,
        seed=seed,
        standard=folder,
        force=force,
    )
    if for_target is not None:
        _refuse_options(request.options(), "--for-target")
        if output is None:
            raise SynthError("lacking", options=["--output"], form="--for-target")
        make_data_set(DataSetRequest(for_target, output, seed, nonce, folder, force), Voice(lang))
        return
    _refuse_options({"--nonce": nonce}, "--item")
    if item is None:
        raise SynthError("which")
    _require_options({"--rows": rows}, "--item")
    if kinds is not None:  # else no row is made wrong, and none is said to be
        _require_options({"--faults": faults}, "--kinds")
    from conformance.cli.shared.synth_rows import make_rows

    make_rows(request, item, rows or 0, Voice(lang))


def _refuse_options(options: Mapping[str, object], form: str) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise SynthError("not_together", options=given, form=form)


def _require_options(options: Mapping[str, object], form: str) -> None:
    if lacking := [name for name, value in options.items() if value is None]:
        raise SynthError("lacking", options=lacking, form=form)
