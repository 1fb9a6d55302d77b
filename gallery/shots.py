"""Pictures of a page as its readers see it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright
from themes import Theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SWITCHED = "dark by its switch"
# The width of the window in pixels, and what is asked of the page besides.
LOOKS: dict[str, tuple[int, dict[str, Any]]] = {
    "light": (1000, {}),
    "dark by the system": (1000, {"color_scheme": "dark"}),
    SWITCHED: (1000, {}),
    "print": (720, {"media": "print"}),
    "narrow": (320, {}),
    "middle": (768, {}),
    "wide": (1920, {}),
    "forced colours": (1000, {"forced_colors": "active"}),
    "no colour": (1000, {}),
}
GROUND = "getComputedStyle(document.body).backgroundColor"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("this machine has no Chromium to take pictures with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def shoot(browser: Browser, theme: Theme, page: Path, folder: Path) -> dict[str, Path]:
    """Take the pictures of a theme's page into a folder; return them by their looks."""
    pictures = {}
    for look, (width, media) in LOOKS.items():
        if look == SWITCHED and not theme.switch:
            continue
        picture = folder / f"{theme.slug}-{look.replace(' ', '-')}.png"
        context = browser.new_context(viewport={"width": width, "height": 800})
        tab = context.new_page()
        tab.emulate_media(**{"color_scheme": "light", **media})
        # Nothing is loaded from the network, so what a theme has there is missing.
        tab.route("http*://**", lambda route: route.abort())
        tab.goto(page.as_uri())
        if look == SWITCHED:
            _switch(tab, theme)
        if look == "no colour":
            tab.add_style_tag(content="html { filter: grayscale(1) }")
        # Themes fade from one colour to the next.
        tab.wait_for_timeout(500)
        tab.screenshot(path=picture, full_page=True)
        context.close()
        pictures[look] = picture
    return pictures


def _switch(tab: Page, theme: Theme) -> None:
    """Make a page dark as a reader does, and wait until it is."""
    before = tab.evaluate(GROUND)
    for selector in theme.switch:
        tab.locator(selector).first.click()
    tab.wait_for_function(f"before => {GROUND} != before", arg=before)
    tab.mouse.move(0, 0)
