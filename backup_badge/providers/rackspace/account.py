"""One Rackspace account: its endpoint and its token.

Source: the public guides of Rackspace Identity v2.0 and Cloud Backup v2: the identity
call, the service catalogue's ``rax:backup`` entry, ``X-Auth-Token`` on every call.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from backup_badge.documents.fields import Fields
from backup_badge.http.responses import Response, check, read_json
from backup_badge.http.urls import check_url
from backup_badge.options.references import expand
from backup_badge.providers.base import expand_url
from backup_badge.values.problem import Category, ProblemError

if TYPE_CHECKING:
    from backup_badge.http.client import Client

_REGION_URL = "https://{region}.backup.api.rackspacecloud.com"
_VERSION_AND_TENANT = re.compile(r"/v\d+(\.\d+)?(/[^/]+)?/?$")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A token and the endpoint that it is sent to, and to nowhere else."""

    endpoint: str
    token: str = field(repr=False)


@dataclass
class Account:
    """Sends authenticated calls; one token serves a whole build.

    A 401 in the middle earns one re-authentication, where a user is configured. A
    refusal that stands is remembered, and nothing more is asked.
    Safe to use from several threads.
    """

    client: Client
    options: Mapping[str, Any]
    environ: Mapping[str, str] = field(repr=False)
    _grant: Grant | None = field(default=None, repr=False)
    _failure: ProblemError | None = None
    _renewed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: str) -> Fields:
        """Get a JSON object from below ``/v2/TENANT``. Raises ProblemError."""
        grant = self._granted()
        response = self._send(grant, path)
        if response.status == 401 and self.options["username"]:
            renewed = self._granted(instead_of=grant)
            if renewed is not grant:
                grant, response = renewed, self._send(renewed, path)
        host = urlsplit(grant.endpoint).netloc
        try:
            check(response, host=host)
        except ProblemError as error:
            if response.status == 401:
                self._note_refusal(grant, error)
            raise
        return read_json(response, host=host)

    def _note_refusal(self, grant: Grant, error: ProblemError) -> None:
        with self._lock:
            if grant is self._grant:
                self._failure = error

    def _send(self, grant: Grant, path: str) -> Response:
        response = self.client.get(
            grant.endpoint + path,
            accept="application/json",
            credentials={"X-Auth-Token": grant.token},
        )
        return _without(response, grant.token)

    def _granted(self, *, instead_of: Grant | None = None) -> Grant:
        """Return the grant; ask for one when there is none, or it has just failed.

        Threads wait for each other here: whatever their number, the identity service
        is asked once, and its refusal is remembered.
        """
        with self._lock:
            if self._failure is None:
                if self._grant is not None and self._grant is not instead_of:
                    return self._grant
                if instead_of is not None and self._renewed:
                    return instead_of
                self._renewed = instead_of is not None
                try:
                    self._grant = self._ask_for_grant()
                    return self._grant
                except ProblemError as error:
                    self._failure = error
            problem = self._failure.problem
            raise ProblemError(problem.category, problem.message)

    def _ask_for_grant(self) -> Grant:
        if self.options["token"] is not None:
            token = self._expanded("token")
            if not token.isascii() or not token.isprintable():
                raise ProblemError(
                    Category.UNAUTHORIZED, "the token holds characters no token has"
                )
            return Grant(endpoint=self._configured_endpoint(), token=token)
        return self._authenticate()

    def _expanded(self, name: str) -> str:
        value = self.options[name]
        return expand(value, self.environ).strip() if value else ""

    def _configured_endpoint(self) -> str:
        if self.options["url"]:
            base = expand_url(self.options["url"], self.environ)
        else:
            region = self._expanded("region").lower()
            if not region.isascii() or not region.isalnum():
                raise ProblemError(Category.USAGE, f"{region!r} is not a region")
            base = _REGION_URL.format(region=region)
        return f"{base}/v2/{quote(self._expanded('tenant'), safe='')}"

    def _authenticate(self) -> Grant:
        url = expand_url(self.options["identity_url"], self.environ) + "/tokens"
        credentials = {
            "username": self._expanded("username"),
            "apiKey": self._expanded("api_key"),
        }
        content = {"auth": {"RAX-KSKEY:apiKeyCredentials": credentials}}
        response = self.client.post_json(url, content=content)
        response = _without(response, credentials["apiKey"])
        host = urlsplit(url).netloc
        check(response, host=host)
        answer = read_json(response, host=host)
        access = answer.table("access")
        token = access.table("token").text("id")
        if not token or not token.isascii() or not token.isprintable():
            raise answer.invalid("has no token in it")
        if self.options["url"] and self.options["tenant"]:
            return Grant(endpoint=self._configured_endpoint(), token=token)
        return Grant(endpoint=self._catalogued_endpoint(access), token=token)

    def _catalogued_endpoint(self, access: Fields) -> str:
        """Find the account's endpoint in the service catalogue, by its region."""
        region, tenant = self._expanded("region").lower(), self._expanded("tenant")
        endpoints = [
            endpoint
            for entry in access.tables("serviceCatalog")
            if entry.text("type") == "rax:backup"
            for endpoint in entry.tables("endpoints")
        ]
        fitting = [
            endpoint
            for endpoint in endpoints
            if (not region or (endpoint.text("region") or "").lower() == region)
            and (not tenant or endpoint.text("tenantId") in (None, tenant))
        ]
        if len(fitting) != 1:
            regions = sorted({endpoint.text("region") or "?" for endpoint in endpoints})
            raise ProblemError(
                Category.USAGE,
                f"{access.origin} lists the regions"
                f" {', '.join(regions) or 'no region'} for backups, and"
                f" {region or 'no region'!r} is configured: set 'region' to one",
            )
        return self._endpoint(fitting[0], tenant)

    def _endpoint(self, entry: Fields, tenant: str) -> str:
        """Bring a catalogue's URL to the form of v2, whatever version it names."""
        try:
            url = check_url(entry.text("publicURL") or "")
        except ValueError as error:
            raise entry.invalid(f"lists a backup endpoint that {error}") from None
        tenant = tenant or entry.text("tenantId") or url.rpartition("/")[2]
        base = _VERSION_AND_TENANT.sub("", url)
        if self.options["url"]:
            base = expand_url(self.options["url"], self.environ)
        return f"{base}/v2/{quote(tenant, safe='')}"


def _without(response: Response, secret: str) -> Response:
    """Return an answer that cannot repeat what it was asked with."""
    return replace(response, body=response.body.replace(secret.encode(), b"***"))
