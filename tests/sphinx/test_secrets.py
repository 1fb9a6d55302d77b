"""Nothing secret in anything that a build writes or says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloud import Cloud
from rackspace_documents import TENANT, Account

if TYPE_CHECKING:
    from conftest import Site

CONFIG = """
[providers.rackspace]
tenant = "{tenant}"
region = "iad"
identity_url = "{url}/identity/v2.0"
username = "${{USER_OF_THE_TEST}}"
api_key = "${{KEY_OF_THE_TEST}}"

[providers.second]
type = "rackspace"
url = "{url}"
tenant = "{tenant}"
token = "${{TOKEN_OF_THE_TEST}}"

[sources.orders-db]
address = "rackspace:configuration/{orders}"

[sources.orders-again]
address = "second:configuration/{orders}"

[sources.missing]
address = "rackspace:backup/missing"
"""

INDEX_RST = """\
Site :backup-badge:`orders-db`
==============================

.. backup-table::

${KEY_OF_THE_TEST} :backup-badge:`$KEY_OF_THE_TEST`
:backup-badge:`${TOKEN_OF_THE_TEST} <orders-db>`
"""

KEY, TOKEN = "k3y-that-nobody-may-see", "t0ken-that-nobody-may-see"


@pytest.mark.parametrize("builder", ["html", "text"])
@pytest.mark.parametrize("works", [True, False])
def test_no_credential_is_written_or_said(
    site: Site,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    builder: str,
    works: bool,
) -> None:
    """Neither in pages, pickles, doctrees and caches nor in any output."""
    monkeypatch.setenv("USER_OF_THE_TEST", "someone")
    monkeypatch.setenv("KEY_OF_THE_TEST", KEY)
    monkeypatch.setenv("TOKEN_OF_THE_TEST", TOKEN)
    if works:
        cloud.accounts.append(Account(username="someone", api_key=KEY, tenant=TENANT))
        cloud.add_token(TOKEN, TENANT)
    orders = cloud.add_configuration(name="Orders")
    cloud.add_backup(configuration=orders, state="completed")
    with (site.docs / "backup-badge.toml").open("a") as config:
        config.write(CONFIG.format(url=cloud.url, tenant=TENANT, orders=orders))
    site.write(index_rst=INDEX_RST)
    built = site.build(builder, "-v")
    asked = [request.headers.get("x-auth-token") for request in cloud.requests]
    assert TOKEN in asked
    secrets = {KEY, TOKEN, *cloud.tokens, *filter(None, asked)}
    said = [built.said, built.warned]
    files = [path for path in site.root.rglob("*") if path.is_file()]
    assert any(path.name == "environment.pickle" for path in files)
    assert any(path.parent.name == "cache" for path in files) or not works
    for secret in secrets:
        assert not [text for text in said if secret in text]
        assert not [path for path in files if secret.encode() in path.read_bytes()]
    page = built.read("index.*")
    assert "succeeded" in page if works else "orders-db: succeeded" not in page
