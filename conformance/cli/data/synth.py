"""`fcsp data synth`: which of its two forms is meant, and that options of one are not given to the other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.data.check import check
from conformance.cli.data.mask import mask
from conformance.cli.data.scan import scan
from conformance.cli.shared.options import AsOf, Force, LangOption, Nonce, Seed, StandardOption

Out = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE|DIR", help="写到此文件或目录 · Write to this file or folder."),
]
ForTarget = Annotated[
    Path | None,
    typer.Option(
        "--for-target", metavar="FILE", help="为此平台生成预装数据集 · A data set for this platform."
    ),
]
ItemCode = Annotated[
    str | None, typer.Option("--item", metavar="CODE", help="生成此信息项的数据行 · Rows of this item.")
]
RowCount = Annotated[int | None, typer.Option("--rows", metavar="N", help="行数 · How many.")]
Rate = Annotated[
    float | None, typer.Option("--faults", metavar="RATE", help="错误行比例，如 0.01 · Share of wrong rows.")
]
Kinds = Annotated[
    str | None,
    typer.Option("--kinds", metavar="A,B", help="错误类型（默认全部） · Kinds of faults (default: all)."),
]
Form = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="ndjson|parquet|csv（默认看 --output 后缀）")
]
RowLayout = Annotated[
    str | None, typer.Option("--layout", metavar="LAYOUT", help="row（平铺行）|record（完整记录）")
]
Truth = Annotated[
    Path | None,
    typer.Option("--truth", metavar="FILE", help="把错误行写入此清单 · List the wrong rows here (NDJSON)."),
]
FileCount = Annotated[
    int | None, typer.Option("--files", metavar="K", help="分成几个文件 · Spread over files.")
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="A,B", help="可选列只用这些 · Of the optional columns these, always."),
]


def build() -> typer.Typer:
    app = typer.Typer(help="数据 · Data.", no_args_is_help=True, rich_markup_mode=None)
    app.command("check", help="检查文件是否符合标准 · Check files of any size against the standard.")(check)
    app.command("mask", help="按受众和授权脱敏文件 · Disclose files for an audience.")(mask)
    app.command("scan", help="在文件中查找已知的敏感值 · Look for known sensitive values in files.")(scan)
    helped = "生成信息项的数据行，或供平台预装的数据集 · Make rows of an item, or a platform's data set."
    app.command("synth", help=helped)(synth)
    return app


def synth(
    lang: LangOption,
    for_target: ForTarget = None,
    item: ItemCode = None,
    rows: RowCount = None,
    faults: Rate = None,
    kinds: Kinds = None,
    form: Form = None,
    layout: RowLayout = None,
    columns: Columns = None,
    output: Out = None,
    truth: Truth = None,
    files: FileCount = None,
    as_of: AsOf = None,
    seed: Seed = 0,
    nonce: Nonce = None,
    standard: StandardOption = None,
    force: Force = False,
) -> None:
    of_rows = {
        "--item": item,
        "--rows": rows,
        "--faults": faults,
        "--kinds": kinds,
        "--format": form,
        "--layout": layout,
        "--columns": columns,
        "--truth": truth,
        "--files": files,
        "--as-of": as_of,
    }
    if for_target is not None:
        _none_of(of_rows, "--for-target")
        _all_of({"--output": output}, "--for-target")
        from conformance.cli.data.synth_preload import make_set

        make_set(lang, for_target, output or Path(), seed, nonce, standard, force=force)
        return
    _none_of({"--nonce": nonce}, "--item")
    if item is None:
        _refuse("which")
    _all_of({"--rows": rows}, "--item")
    if kinds is not None:  # else no row is made wrong, and none is said to be
        _all_of({"--faults": faults}, "--kinds")
    from conformance.cli.data.synth_rows import make_rows

    make_rows(lang, of_rows, output, seed, standard, force=force)


def _none_of(options: Mapping[str, object], form: str) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        _refuse("not_together", options=given, form=form)


def _all_of(options: Mapping[str, object], form: str) -> None:
    if lacking := [name for name, value in options.items() if value is None]:
        _refuse("lacking", options=lacking, form=form)


def _refuse(key: str, /, **args: object) -> None:
    from conformance.cli.shared.errors import Failure
    from conformance.model.text import Message

    raise Failure.of(Message(f"synth.{key}", args))
