"""Cloudback's status badge.

Source: Cloudback documentation, "Backup Status Badge": the two URL formats and the
six status words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from backup_badge.options.kinds import URL
from backup_badge.options.option import Option
from backup_badge.providers.base import Provider, Session, expand_url, shown_host

if TYPE_CHECKING:
    from backup_badge.http.client import Client


class Cloudback(Provider):
    """Asks for badges, anonymously: no credential is sent, and none may be."""

    type: ClassVar[str] = "cloudback"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="url",
            kind=URL,
            default="https://app.cloudback.it",
            help="Where the badges are served.",
        ),
    )
    addresses: ClassVar[tuple[str, ...]] = (
        "PLATFORM/ACCOUNT/SUBJECT_TYPE/SUBJECT_NAME",
        "OWNER/REPOSITORY",
    )
    dated: ClassVar[bool] = False

    @classmethod
    def accepts(cls, segments: tuple[str, ...]) -> bool:
        """Whether this is the current form (four segments) or the legacy one (two)."""
        return len(segments) in (2, 4)

    @classmethod
    def from_url(cls, host: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Read the URL of a badge, or of a repository on GitHub."""
        if host in ("app.cloudback.it", "cloudback.it") and path[:1] == ("badge",):
            return path[1:] if cls.accepts(path[1:]) else None
        if host not in ("github.com", "www.github.com") or len(path) < 2:
            return None
        if len(path) == 3 and path[1] == "repository":
            return ("github", *path)
        return (path[0], path[1].removesuffix(".git"))

    @classmethod
    def load(cls) -> None:
        """Import the reader of pictures.

        While its library is imported, ``xml.etree.ElementTree`` is another module
        than before: in a thread that would break what the host does meanwhile.
        """
        import backup_badge.providers.cloudback.badges  # noqa: F401

    @classmethod
    def open(
        cls, options: Mapping[str, Any], client: Client, environ: Mapping[str, str]
    ) -> Session:
        """Begin asking; there is nothing to log in to."""
        from backup_badge.providers.cloudback.badges import Badges

        written = options["url"]
        url = expand_url(written, environ)
        return Badges(client=client, url=url, host=shown_host(written, url))
