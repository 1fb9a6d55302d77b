"""Credentials: which options hold them, and the headers in which they travel."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backup_badge.options.kinds import ACCOUNT, SECRET
from backup_badge.options.option import Option

Headers = Callable[[Mapping[str, str]], dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Credential:
    """One way to prove who asks.

    ``headers`` makes the request's headers from the values of the options.
    """

    options: tuple[Option, ...]
    headers: Headers

    @property
    def name(self) -> str:
        """The options by name: ``'username' and 'password'``."""
        return " and ".join(f"'{option.name}'" for option in self.options)

    def is_begun(self, options: Mapping[str, Any]) -> bool:
        """Whether any of its options is given."""
        return any(options.get(option.name) for option in self.options)

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Say which of its options are missing."""
        missing = [one.name for one in self.options if not options.get(one.name)]
        return [f"needs '{name}' as well" for name in missing]


def header(name: str, *, option: str, scheme: str = "") -> Credential:
    """Return a secret in a header, behind a scheme such as ``PBSAPIToken=``."""
    return Credential(
        options=(_secret(option, f"The secret that is sent as {name}."),),
        headers=lambda values: {name: f"{scheme}{values[option]}"},
    )


def bearer(option: str = "token") -> Credential:
    """Return a token in ``Authorization: Bearer`` (RFC 6750)."""
    return header("Authorization", option=option, scheme="Bearer ")


def basic(user: str = "username", password: str = "password") -> Credential:
    """Return a user and a password in ``Authorization: Basic`` (RFC 7617, UTF-8)."""

    def headers(values: Mapping[str, str]) -> dict[str, str]:
        pair = f"{values[user]}:{values[password]}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    account = Option(name=user, kind=ACCOUNT, help="The user who asks.")
    secret = _secret(password, "The user's password or key.")
    return Credential(options=(account, secret), headers=headers)


def _secret(name: str, what: str) -> Option:
    return Option(name=name, kind=SECRET, secret=True, help=what)
