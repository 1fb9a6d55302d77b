"""The other plugins of a site, and which of them look at its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def others(config: MkDocsConfig, plugin: object, event: str) -> list[object]:
    """Return who handles an event beside a plugin; None stands for a hook."""
    handlers = config.plugins.events[event]
    owners = [getattr(handler, "__self__", None) for handler in handlers]
    return [owner for owner in owners if type(owner) is not type(plugin)]


def keep_to_content(config: MkDocsConfig, plugin: object) -> bool:
    """Whether what a page has of ours is in its content: nobody adds to what is around.

    A site may do so by templates of its own, or by whoever has a hand in them.
    """
    events = ["env", "post_page"]
    if not is_searched(config, plugin):
        events.append("page_context")
    is_alone = not any(others(config, plugin, event) for event in events)
    return is_alone and config.theme.custom_dir is None


def is_searched(config: MkDocsConfig, plugin: object) -> bool:
    """Whether a search reads pages before they are written, and nobody else does."""
    found = others(config, plugin, "page_context")
    modules = [type(other).__module__.split(".") for other in found]
    return bool(modules) and all("search" in names for names in modules)
