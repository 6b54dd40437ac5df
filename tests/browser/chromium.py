"""Finding what a browser test needs, and saying what is missing: Chromium, and Playwright to drive it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class MissingError(Exception):
    """Something that the machine has to have."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser with a profile of its own, which goes with it. Raises MissingError."""
    binary = os.environ.get("FCSP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not binary:
        raise MissingError(f"no Chromium found (looked for {', '.join(NAMES)}); set FCSP_CHROMIUM to one")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingError("Playwright is not installed: pip install '.[browser]'") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def quiet(browser: Any, path: Path) -> Iterator[Any]:
    """A page on which nothing is fetched, refused by its policy or thrown while it is looked at."""
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    trouble: list[str] = []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("request", lambda r: trouble.append(r.url) if not r.url.startswith("file:") else None)
    tab.goto(path.as_uri())
    yield tab
    tab.close()
    assert trouble == []
