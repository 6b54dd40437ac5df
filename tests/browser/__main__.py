"""`make screenshots`: the pictures of the guides, from a run that passes and one that does not.

python -m tests.browser FOLDER [RUN_GOOD RUN_BAD]: without runs, both are made first.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.chromium import MissingError, chromium
from tests.system.processes import newest, serving

MUTANT = "everybody_is_a_bank"
WIDTH = 1100
SCALE = 1
COLORS = 96
FILES = {"en": "report.html", "zh": "report.zh.html"}


def main(words: list[str]) -> int:
    """`--ready` only says whether everything is there."""
    try:
        return ready() if words == ["--ready"] else take_pictures(words)
    except MissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 2


def ready() -> int:
    with chromium():
        return 0


def take_pictures(words: list[str]) -> int:
    folder, runs = Path(words[0]), [Path(word) for word in words[1:]]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, chromium() as browser:
        good, bad = runs or (demo_run(Path(work) / "good"), demo_run(Path(work) / "bad", "--mutant", MUTANT))
        for lang, name in FILES.items():
            picture(browser, good / name, folder / f"items.{lang}.png", items)
            picture(browser, bad / name, folder / f"report.{lang}.png", summary)
            picture(browser, bad / name, folder / f"failure.{lang}.png", failure)
    smaller(sorted(folder.glob("*.*.png")))
    return 0


def demo_run(folder: Path, *arguments: str) -> Path:
    """The folder of a run of the whole suite against a platform of ours."""
    with serving(folder, *arguments) as line:
        line.run()
    run_folder = newest(folder / "runs")
    assert run_folder is not None
    return run_folder


def picture(browser: Any, page: Path, file: Path, show: Any) -> None:
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=SCALE)
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.goto(page.resolve().as_uri())
    x, y, width, height = show(tab)
    tab.screenshot(path=str(file), full_page=True, clip={"x": x, "y": y, "width": width, "height": height})
    tab.close()


def summary(page: Any) -> tuple[float, float, float, float]:
    """From the top of the page to the results by part."""
    end = page.locator("#summary table.parts").bounding_box()
    return 0, 0, WIDTH, end["y"] + end["height"] + 10


def items(page: Any) -> tuple[float, float, float, float]:
    box = page.locator("#items").bounding_box()
    return 0, box["y"] - 10, WIDTH, min(box["height"], 1500)


def failure(page: Any) -> tuple[float, float, float, float]:
    """The first requirement of the list, opened up to its first case."""
    block = page.locator("#list > details").first
    end = block.locator(".case").first.bounding_box()
    top = block.bounding_box()["y"] - 8
    return 0, top, WIDTH, min(end["y"] + end["height"] - top + 8, 1300)


def smaller(pictures: list[Path]) -> None:
    """Fewer colors make a third of the size; without pngquant the pictures stay as they are."""
    try:
        command = ["pngquant", "--force", "--ext", ".png", "--strip", str(COLORS), *map(str, pictures)]
        subprocess.run(command, check=False)
    except FileNotFoundError:
        sys.stderr.write("screenshots: pngquant is not installed, so the pictures are larger than need be\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
