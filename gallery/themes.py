"""The themes that people use, each with its configuration and its own dark switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme as one host has it.

    ``module`` is what must be installed for it, ``settings`` are the host's own, and
    ``switch`` names what is clicked, in this order, to make a light page dark.
    """

    host: str
    name: str
    module: str
    settings: Mapping[str, Any]
    switch: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the theme is called in the gallery."""
        return f"{self.host}: {self.name}"

    @property
    def slug(self) -> str:
        """What it is called in the names of files."""
        return f"{self.host}-{self.name}".lower().replace(" ", "-")

    @property
    def installed(self) -> bool:
        """Whether it can be built here."""
        return find_spec(self.module) is not None


def _sphinx(name: str, module: str, *switch: str, **options: Any) -> Theme:
    settings = {"html_theme": module, "html_theme_options": options}
    return Theme(
        host="Sphinx", name=name, module=module, settings=settings, switch=switch
    )


def _markdown(
    host: str, name: str, module: str, *switch: str, theme: str = "", **options: Any
) -> Theme:
    """Return a theme of MkDocs or its kin; ``theme`` is what they call it."""
    settings = {"theme": {"name": theme or name, **options}}
    return Theme(host=host, name=name, module=module, settings=settings, switch=switch)


# PyData's theme, and Book, which is based on it.
_PYDATA = (
    ".theme-switch-button:visible",
    ".theme-change-button[data-mode=dark]:visible",
)
_BOOTSTRAP = ("#theme-menu", "[data-bs-theme-value=dark]")
_BOOTSTRAP_MODES: dict[str, Any] = {
    "color_mode": "auto",
    "user_color_mode_toggle": True,
}
# Material and its relatives: the system's preference, and a switch.
_MATERIAL = "label[title='Leave light']"
_MATERIAL_MODES: dict[str, Any] = {
    "font": False,
    "palette": [
        {
            "media": f"(prefers-color-scheme: {mode})",
            "scheme": scheme,
            "toggle": {"icon": "material/brightness-6", "name": f"Leave {mode}"},
        }
        for mode, scheme in (("light", "default"), ("dark", "slate"))
    ],
}

THEMES = (
    _sphinx("alabaster", "alabaster"),
    _sphinx("Read the Docs", "sphinx_rtd_theme"),
    _sphinx("Furo", "furo", ".theme-toggle:visible"),
    _sphinx("PyData", "pydata_sphinx_theme", *_PYDATA),
    _sphinx("Book", "sphinx_book_theme", *_PYDATA),
    _sphinx("Immaterial", "sphinx_immaterial", _MATERIAL, **_MATERIAL_MODES),
    _markdown("MkDocs", "mkdocs", "mkdocs", *_BOOTSTRAP, **_BOOTSTRAP_MODES),
    _markdown("MkDocs", "readthedocs", "mkdocs"),
    _markdown(
        "MkDocs", "Material", "material", _MATERIAL, theme="material", **_MATERIAL_MODES
    ),
    _markdown(
        "ProperDocs",
        "mkdocs",
        "properdocs_theme_mkdocs",
        *_BOOTSTRAP,
        **_BOOTSTRAP_MODES,
    ),
    _markdown("ProperDocs", "readthedocs", "properdocs_theme_readthedocs"),
    *(
        _markdown(
            "Zensical",
            variant,
            "zensical",
            _MATERIAL,
            theme="material",
            variant=variant,
            **_MATERIAL_MODES,
        )
        for variant in ("modern", "classic")
    ),
)


def _in_language(title: str, code: str, name: str) -> Theme:
    """Return a theme on a site in another language."""
    theme = next(one for one in THEMES if one.title == title)
    settings = {**theme.settings, "language": code}
    if theme.host != "Sphinx":
        settings = {"theme": {**theme.settings["theme"], "language": code}}
    return replace(theme, name=f"{theme.name} in {name}", settings=settings)


LANGUAGES = (
    _in_language("Sphinx: Furo", "de", "German"),
    # Nobody translated this one: English words on a page from right to left.
    _in_language("MkDocs: Material", "ar", "Arabic"),
)
"""Sites in other languages than English."""
