"""One configured system: its options, expanded, and the secrets among them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import urlsplit

from backup_badge.http.urls import check_url
from backup_badge.options.option import Option
from backup_badge.options.references import expand, find_reference
from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.entry import Entry
from backup_badge.ways.way import Http, Way, chosen_way

if TYPE_CHECKING:
    from backup_badge.ways.access import Access


class Declared(Protocol):
    """What a provider declares, as far as asking needs it."""

    ways: ClassVar[tuple[Way, ...]]

    @classmethod
    def options(cls) -> tuple[Option, ...]:
        """Return all options."""

    def login(self, access: Access) -> Entry | None:
        """Return where to ask, or None: at the URL, with the configured credential."""


class Configured:
    """A system as it is configured.

    ``provider`` declares its ways and options. ``given`` are the options as they are
    written; references are looked up in ``environ``.
    """

    def __init__(
        self,
        *,
        name: str,
        provider: Declared,
        given: Mapping[str, Any],
        environ: Mapping[str, str],
    ) -> None:
        self.name = name
        self.provider = provider
        self.given = given
        self.way = chosen_way(provider.ways, given)
        self._environ = environ
        self._declared = {option.name: option for option in provider.options()}

    @cached_property
    def options(self) -> Mapping[str, Any]:
        """The options, expanded, without secrets. Raises ProblemError."""
        return {
            name: self._expanded(name)
            for name, option in self._declared.items()
            if not option.secret
        }

    def secret(self, name: str) -> str:
        """Return a secret. Raises ProblemError where its variable is not set."""
        value = self.given.get(name)
        return expand(value, self._environ).strip() if value else ""

    def shown(self, name: str = "url") -> str:
        """Return how messages call a URL's host: never what a reference stands for."""
        given = str(self.given.get(name) or "")
        if reference := find_reference(given):
            return f"the host that ${{{reference}}} stands for"
        return urlsplit(given).netloc

    def entry(self) -> Entry:
        """Return the configured URL and, where one is configured, the credential."""
        if not isinstance(self.way, Http):
            raise self._unconfigured("url")
        used = [one for one in self.way.credentials if one.is_begun(self.given)]
        headers: dict[str, str] = {}
        for credential in used:
            names = (option.name for option in credential.options)
            headers |= credential.headers({name: self.secret(name) for name in names})
        if not all(v.isascii() and v.isprintable() for v in headers.values()):
            why = "the credential holds characters that no header can hold"
            raise ProblemError(Category.UNAUTHORIZED, why)
        return Entry(url=self.options["url"], shown=self.shown(), headers=headers)

    def _expanded(self, name: str) -> Any:
        value = self.given.get(name, self._declared[name].default)
        if not isinstance(value, str) or "${" not in value:
            return value
        expanded = expand(value, self._environ).strip()
        if name != "url" and not name.endswith("_url"):
            return expanded
        try:
            return check_url(expanded, anonymous=name == "url" and self._is_anonymous)
        except ValueError as error:
            what = "URL" if name == "url" else repr(name)
            why = f"the configured {what} {error}"
            raise ProblemError(Category.USAGE, why) from None

    @property
    def _is_anonymous(self) -> bool:
        return isinstance(self.way, Http) and not any(
            option.secret and self.given.get(option.name)
            for option in self._declared.values()
        )

    def secrets(self, *more: str) -> tuple[str, ...]:
        """Return what must not be repeated: a URL too, where it is a reference."""
        own = (
            self.secret(name)
            for name, option in self._declared.items()
            if option.secret
        )
        url = self.options.get("url") if "${" in str(self.given.get("url")) else None
        places = (url, urlsplit(url).netloc) if url else ()
        return tuple(sorted({secret for secret in (*own, *more, *places) if secret}))

    def required(self, name: str) -> Any:
        """Return an option that must be set. Raises ProblemError where it is not."""
        value = self.options.get(name)
        if not value:
            raise self._unconfigured(name)
        return value

    def _unconfigured(self, name: str) -> ProblemError:
        return ProblemError(
            Category.USAGE, f"the provider {self.name!r} has no {name!r}"
        )
