"""The options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

from conformance.model.text import Lang


def default_lang() -> Lang:
    """FCSP_LANG, else the language of the session, else English."""
    chosen = os.environ.get("FCSP_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Lang.ZH if chosen.lower().startswith("zh") else Lang.EN


LangOption = Annotated[Lang, typer.Option("--lang", help="语言 · Language.", default_factory=default_lang)]
StandardOption = Annotated[
    Path | None, typer.Option("--standard", metavar="DIR", help="改用此目录的标准 · Use the standard in DIR.")
]
TargetOption = Annotated[
    Path, typer.Option("--target", metavar="FILE", help="被测平台的描述 · The platform under test.")
]
Selected = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID|PART]...", help="要求、用例或部分 · Requirements, cases or parts."),
]
ProfileOption = Annotated[str, typer.Option("--profile", help="类别 · Profile.")]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有文件 · Overwrite files.")]
Smoke = Annotated[
    bool,
    typer.Option("--smoke", help="每项检查只测一例（不完整） · One case of each check: incomplete."),
]
ReadOnly = Annotated[
    bool, typer.Option("--read-only", help="只发不改变平台的请求 · Only requests that change nothing.")
]
Seed = Annotated[int, typer.Option("--seed", help="随机种子 · Seed of all test data.")]
Nonce = Annotated[
    str | None, typer.Option("--nonce", help="运行随机数 · Nonce of the run (fresh by default).")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="基准日期 · Judge by the rules of that day."),
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="并行数 · Cases at a time.")]
Output = Annotated[Path, typer.Option("--output", metavar="DIR", help="结果目录 · Where run folders go.")]

DEFAULT_TARGET = Path("target.toml")
DEFAULT_OUTPUT = Path("runs")
