"""One Rackspace account: its endpoint and its token.

Source: the public guides of Rackspace Identity v2.0 and Cloud Backup v2: the identity
call, the service catalogue's ``rax:backup`` entry, ``X-Auth-Token`` on every call.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from backup_badge.documents.fields import Fields
from backup_badge.http.redaction import redactor
from backup_badge.http.responses import Response, check, read_json
from backup_badge.http.urls import check_url
from backup_badge.options.references import expand
from backup_badge.providers.base import expand_url, shown_host
from backup_badge.providers.rackspace.documents import check_account
from backup_badge.values.problem import Category, ProblemError

if TYPE_CHECKING:
    from backup_badge.http.client import Client

_REGION_URL = "https://{region}.backup.api.rackspacecloud.com"
_VERSION_AND_TENANT = re.compile(r"/v\d+(\.\d+)?(/[^/]+)?/?$")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A token and the endpoint that it is sent to, and to nowhere else.

    Messages call the endpoint ``host``: its name may stand in a variable. What an
    answer repeats of ``secrets`` is taken out of it.
    """

    base: str = field(repr=False)
    tenant: str = field(repr=False)
    host: str
    token: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def endpoint(self) -> str:
        """What all paths are below."""
        return f"{self.base}/v2/{quote(self.tenant, safe='')}"


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
        try:
            check(response, host=grant.host)
        except ProblemError as error:
            if response.status == 401:
                self._note_refusal(grant, error)
            raise
        answer = read_json(response, host=grant.host, secrets=grant.secrets)
        check_account(answer, grant.tenant)
        return answer

    def _note_refusal(self, grant: Grant, error: ProblemError) -> None:
        with self._lock:
            if grant is self._grant:
                self._failure = error

    def _send(self, grant: Grant, path: str) -> Response:
        return self.client.get(
            grant.endpoint + path,
            accept="application/json",
            credentials={"X-Auth-Token": grant.token},
            shown=grant.host,
        )

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
        if self.options["token"] is None:
            return self._authenticate()
        token = self._expanded("token")
        if not _is_fit(token):
            raise ProblemError(
                Category.UNAUTHORIZED, "the token holds characters no token has"
            )
        base, host = self._configured_base()
        tenant = _checked(self._expanded("tenant"))
        return Grant(base=base, host=host, tenant=tenant, token=token, secrets=(token,))

    def _expanded(self, name: str) -> str:
        value = self.options[name]
        return expand(value, self.environ).strip() if value else ""

    def _configured_base(self) -> tuple[str, str]:
        """Return what stands before ``/v2``, and how messages call its host."""
        if self.options["url"]:
            base = expand_url(self.options["url"], self.environ)
            return base, shown_host(self.options["url"], base)
        written, region = self.options["region"], self._expanded("region").lower()
        if not region.isascii() or not region.isalnum():
            raise ProblemError(Category.USAGE, f"{written!r} is not a region")
        base = _REGION_URL.format(region=region)
        return base, shown_host(written, base)

    def _authenticate(self) -> Grant:
        written = self.options["identity_url"]
        url = expand_url(written, self.environ)
        host = shown_host(written, url)
        key = self._expanded("api_key")
        credentials = {"username": self._expanded("username"), "apiKey": key}
        content = {"auth": {"RAX-KSKEY:apiKeyCredentials": credentials}}
        response = self.client.post_json(f"{url}/tokens", content=content, shown=host)
        check(response, host=host)
        answer = read_json(response, host=host, secrets=[key])
        access = answer.table("access")
        token = access.table("token").text("id")
        if not token or not _is_fit(token):
            raise answer.invalid("has no token in it")
        base, endpoint_host, tenant = self._place(access, token)
        secrets = (token, key)
        return Grant(
            base=base,
            host=redactor(secrets)(endpoint_host),
            tenant=_checked(tenant),
            token=token,
            secrets=secrets,
        )

    def _place(self, access: Fields, token: str) -> tuple[str, str, str]:
        """Return the endpoint's base, its host and the tenant, configured or listed."""
        tenant = self._expanded("tenant")
        if self.options["url"] and tenant:
            return (*self._configured_base(), tenant)
        entry = self._catalogued(access, tenant, token)
        try:
            url = check_url(entry.text("publicURL") or "")
        except ValueError as error:
            raise entry.invalid(f"lists a backup endpoint that {error}") from None
        tenant = tenant or entry.text("tenantId") or url.rpartition("/")[2]
        if self.options["url"]:
            return (*self._configured_base(), tenant)
        # Whatever version the catalogue names.
        base = _VERSION_AND_TENANT.sub("", url)
        return base, urlsplit(base).netloc, tenant

    def _catalogued(self, access: Fields, tenant: str, token: str) -> Fields:
        """Find the account's endpoint in the service catalogue, by its region."""
        region = self._expanded("region").lower()
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
        if len(fitting) == 1:
            return fitting[0]
        regions = sorted({endpoint.text("region") or "?" for endpoint in endpoints})
        listed = redactor([token])(", ".join(regions)) or "no region"
        raise ProblemError(
            Category.USAGE,
            f"{access.origin} lists the regions {listed:.200} for backups, and"
            f" {self.options['region'] or 'no region'!r} is configured: set 'region' to"
            " one",
        )


def _is_fit(secret: str) -> bool:
    """Whether a header can hold it, and nothing is lost around it."""
    is_plain = secret.isascii() and secret.isprintable()
    return is_plain and secret == secret.strip() != ""


def _checked(tenant: str) -> str:
    if tenant in ("", ".", ".."):
        raise ProblemError(Category.USAGE, "the tenant is empty: set 'tenant'")
    return tenant
