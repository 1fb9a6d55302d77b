"""Logging in to a Rackspace account: its endpoint and its token.

Source: the public guides of Rackspace Identity v2.0 and Cloud Backup v2: the identity
call, the service catalogue's ``rax:backup`` entry, ``X-Auth-Token`` on every call.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from backup_badge.http.urls import check_url
from backup_badge.provider import Access, Category, Entry, Fields, ProblemError

_REGION_URL = "https://{region}.backup.api.rackspacecloud.com"
_VERSION_AND_TENANT = re.compile(r"/v\d+(\.\d+)?(/[^/]+)?/?$")


def log_in(access: Access) -> Entry:
    """Return the endpoint and the token for it, configured or obtained.

    Raises ProblemError.
    """
    if access.given["token"]:
        token = access.secret("token")
        if not _is_token(token):
            why = "the token holds characters no token has"
            raise ProblemError(Category.UNAUTHORIZED, why)
        base, shown = _configured_base(access)
        return _entry(base, shown, access.options["tenant"] or "", token)
    told = _identity(access).table("access")
    token = told.table("token").text("id") or ""
    if not _is_token(token):
        raise told.invalid("has no token in it")
    base, shown, tenant = _place(access, told)
    return _entry(base, shown, tenant, token)


def _is_token(token: str) -> bool:
    """Whether a header can hold it."""
    return (
        bool(token)
        and token.isascii()
        and token.isprintable()
        and token == token.strip()
    )


def _identity(access: Access) -> Fields:
    entry = Entry(
        url=access.options["identity_url"], shown=access.shown("identity_url")
    )
    credentials = {
        "username": access.options["username"],
        "apiKey": access.secret("api_key"),
    }
    content = {"auth": {"RAX-KSKEY:apiKeyCredentials": credentials}}
    answer = access.send(entry, "POST", "/tokens", content=content)
    return access.checked(entry, answer).fields()


def _entry(base: str, shown: str, tenant: str, token: str) -> Entry:
    if tenant in ("", ".", ".."):
        raise ProblemError(Category.USAGE, "the tenant is empty: set 'tenant'")
    return Entry(
        url=f"{base}/v2/{quote(tenant, safe='')}",
        shown=shown,
        headers={"X-Auth-Token": token},
        secrets=(token,),
    )


def _configured_base(access: Access) -> tuple[str, str]:
    """Return what stands before ``/v2``, and how messages call its host."""
    if access.options["url"]:
        return access.options["url"], access.shown()
    region = str(access.options["region"] or "").lower()
    written = access.given["region"]
    if not region.isascii() or not region.isalnum():
        raise ProblemError(Category.USAGE, f"{written!r} is not a region")
    base = _REGION_URL.format(region=region)
    is_reference = "${" in str(written)
    shown = f"the host that {written} stands for" if is_reference else ""
    return base, shown or urlsplit(base).netloc


def _place(access: Access, told: Fields) -> tuple[str, str, str]:
    """Return the endpoint's base, its host and the tenant, configured or listed."""
    tenant = access.options["tenant"] or ""
    if access.options["url"] and tenant:
        return (*_configured_base(access), tenant)
    entry = _catalogued(access, told, tenant)
    try:
        url = check_url(entry.text("publicURL") or "")
    except ValueError as error:
        raise entry.invalid(f"lists a backup endpoint that {error}") from None
    tenant = tenant or entry.text("tenantId") or url.rpartition("/")[2]
    if access.options["url"]:
        return (*_configured_base(access), tenant)
    # Whatever version the catalogue names.
    base = _VERSION_AND_TENANT.sub("", url)
    return base, urlsplit(base).netloc, tenant


def _catalogued(access: Access, told: Fields, tenant: str) -> Fields:
    """Find the account's endpoint in the service catalogue, by its region."""
    region = str(access.options["region"] or "").lower()
    endpoints = [
        endpoint
        for entry in told.tables("serviceCatalog")
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
    listed = ", ".join(regions) or "no region"
    raise ProblemError(
        Category.USAGE,
        f"{told.origin} lists the regions {listed:.200} for backups, and"
        f" {access.given['region'] or 'no region'!r} is configured: set 'region' to"
        " one",
    )
