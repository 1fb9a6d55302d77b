"""Cloudback is asked for the right badge, without a name, and believed if clear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import ask, client, configure
from cloud import Cloud
from loopback import Answer

from backup_badge import Site, State, Status, badge_mark
from backup_badge.values.problem import Category, Problem


def state_of(site: Site, target: str = "cloudback:acme/website") -> State:
    """Resolve one source for a site and return its state."""
    return site.badge(badge_mark(target, {})).state


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("cloudback:acme/website", "acme/website"),
        ("cloudback:github/acme/repository/web", "github/acme/repository/web"),
        ("cloudback:acme/build images", "acme/build%20images"),
        ("cloudback:acme/build%20images", "acme/build%20images"),
        ("cloudback:gitlab/a%2Fb/repository/c", "gitlab/a%2Fb/repository/c"),
        ("cloudback:gitlab/a%2fb/repository/c", "gitlab/a%2Fb/repository/c"),
        ("cloudback:acme/größe", "acme/gr%C3%B6%C3%9Fe"),
        ("cloudback:acme/gr%C3%B6%C3%9Fe", "acme/gr%C3%B6%C3%9Fe"),
        ("cloudback:acme/бэкап", "acme/%D0%B1%D1%8D%D0%BA%D0%B0%D0%BF"),
        ("cloudback:acme/💾", "acme/%F0%9F%92%BE"),
        ("cloudback:acme/100%25", "acme/100%25"),
        ("cloudback:acme/100%", "acme/100%25"),
        ("cloudback:acme/c++", "acme/c%2B%2B"),
        ("cloudback:acme/a%2Bb", "acme/a%2Bb"),
        ("cloudback:acme/a?b#c&d=e", "acme/a%3Fb%23c%26d%3De"),
        ("cloudback:acme/a%252Fb", "acme/a%252Fb"),
        ("cloudback:acme/a:b@c;d,e", "acme/a%3Ab%40c%3Bd%2Ce"),
        ("cloudback:acme/.github", "acme/.github"),
        ("cloudback:acme/...", "acme/..."),
        ("cloudback:acme/~a-b_c.d", "acme/~a-b_c.d"),
    ],
)
def test_path(cloud: Cloud, address: str, path: str) -> None:
    """Each segment of an address is encoded on its own, neither never nor twice."""
    status = ask(cloud.url, address)
    assert isinstance(status, Status)
    (request,) = cloud.requests
    assert (request.method, request.path, request.query) == (
        "GET",
        f"/badge/{path}",
        "",
    )


@pytest.mark.parametrize(
    "address",
    [
        "a",
        "a/b/c",
        "a/b/c/d/e",
        "a//b",
        "/a/b",
        "a/..",
        "a/%2E%2E",
        "a/%00",
        "",
    ],
)
def test_wrong_address(cloud: Cloud, tmp_path: Path, address: str) -> None:
    """An address of another form is a mistake of the page's; nobody is asked."""
    site = Site(configure(tmp_path, cloud.url))
    mark = badge_mark(f"cloudback:{address}", {})
    (status,) = site.resolve([mark]).values()
    assert status.problem is not None
    assert status.problem.category is Category.USAGE
    assert cloud.requests == []


@pytest.mark.parametrize("base", ["", "/", "/base", "/base/"])
def test_base(cloud: Cloud, base: str) -> None:
    """A base URL may have a path of its own, and a slash at its end or none."""
    ask(cloud.url, options={"url": cloud.url + base})
    prefix = base.rstrip("/")
    assert [request.path for request in cloud.requests] == [
        f"{prefix}/badge/acme/website"
    ]


@pytest.mark.parametrize(
    ("url", "category"),
    [
        # Plain http is allowed where no credential goes: the name is looked up.
        ("http://backups.invalid", Category.UNREACHABLE),
        ("https://me:s3cret@example.org", Category.USAGE),
        ("ftp://127.0.0.1", Category.USAGE),
        ("file:///etc", Category.USAGE),
        ("example.org", Category.USAGE),
        ("https://", Category.USAGE),
        ("https://example.org/?key=s3cret", Category.USAGE),
        ("", Category.UNAUTHORIZED),
    ],
)
def test_url_from_the_environment(url: str, category: Category) -> None:
    """What a variable holds is checked like what is written, and not quoted whole."""
    problem = ask("", options={"url": "${URL}"}, environ={"URL": url})
    assert isinstance(problem, Problem)
    assert problem.category is category
    assert "s3cret" not in problem.message


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "text/plain", "application/octet-stream", "text/html", ""]
)
def test_content_type(cloud: Cloud, kind: str) -> None:
    """The picture counts, whatever it is called on the way."""
    headers = {"Content-Type": kind} if kind else {}
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><text>failed</text></svg>'
    cloud.answers["/badge/acme/website"] = iter([Answer(headers=headers, body=body)])
    status = ask(cloud.url)
    assert isinstance(status, Status)
    assert status.reported is State.FAILED


@pytest.mark.parametrize("code", [203, 206, 299])
def test_other_success(cloud: Cloud, code: int) -> None:
    """Any 2xx is an answer."""
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><text>failed</text></svg>'
    cloud.answers["/badge/acme/website"] = iter([Answer(status=code, body=body)])
    assert isinstance(ask(cloud.url), Status)


# Asking whether something has changed


def test_revalidation(cloud: Cloud, tmp_path: Path) -> None:
    """What was had before is asked for on condition; unchanged, it counts as new."""
    cloud.badges["acme", "website"] = "failed"
    settings = configure(tmp_path, cloud.url, cache_ttl="0s")
    assert state_of(Site(settings)) is State.FAILED
    assert state_of(Site(settings)) is State.FAILED
    cloud.badges["acme", "website"] = "succeeded"
    assert state_of(Site(settings)) is State.SUCCEEDED
    asked = [request.headers.get("if-none-match") for request in cloud.requests]
    assert asked[0] is None
    assert asked[1] == asked[2] is not None


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"ETag": '"a"'}, {"if-none-match": '"a"'}),
        ({"ETag": 'W/"a"'}, {"if-none-match": 'W/"a"'}),
        (
            {"Last-Modified": "Sat, 21 Nov 2026 04:00:00 GMT"},
            {"if-modified-since": "Sat, 21 Nov 2026 04:00:00 GMT"},
        ),
        ({"ETag": '"caf\xe9"'}, {}),
        ({}, {}),
    ],
)
def test_validators(
    cloud: Cloud, tmp_path: Path, headers: dict[str, str], sent: dict[str, str]
) -> None:
    """A server's own validator is sent back, as long as a header can hold it."""
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><text>failed</text></svg>'
    answer = Answer(headers=headers, body=body)
    cloud.answers["/badge/acme/website"] = iter([answer, answer])
    settings = configure(tmp_path, cloud.url, cache_ttl="0s")
    for _ in range(2):
        assert state_of(Site(settings)) is State.FAILED
    second = cloud.requests[1].headers
    conditions = {"if-none-match", "if-modified-since"} & second.keys()
    assert {name: second[name] for name in conditions} == sent


@pytest.mark.parametrize("validator", ["a\nb: c", " a", "\u2028", "ключ", "\x00"])
def test_damaged_validator(cloud: Cloud, validator: str) -> None:
    """A validator that no header can hold is not sent, and costs nothing."""
    asking = client()
    assert asking.get(cloud.url, accept="*/*", validator=validator).status == 404
    asking.close()


def test_folded_validator(cloud: Cloud, tmp_path: Path) -> None:
    """A validator that a server folded onto two lines costs nothing either."""
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><text>failed</text></svg>'
    answer = Answer(headers={"ETag": '"a\r\n b"'}, body=body)
    cloud.answers["/badge/acme/website"] = iter([answer, answer])
    settings = configure(tmp_path, cloud.url, cache_ttl="0s")
    assert [state_of(Site(settings)) for _ in range(2)] == [State.FAILED] * 2


def test_not_modified_that_nobody_asked_for(cloud: Cloud, tmp_path: Path) -> None:
    """Where nothing is known, "not modified" is no answer."""
    cloud.answers["/badge/acme/website"] = iter([Answer(status=304)])
    site = Site(configure(tmp_path, cloud.url))
    ((_, status),) = site.resolve([badge_mark("cloudback:acme/website", {})]).items()
    assert status.state is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE


def test_not_modified_without_a_validator(cloud: Cloud, tmp_path: Path) -> None:
    """Where no validator was sent, "not modified" confirms nothing, known or not."""
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><text>succeeded</text></svg>'
    answers = [Answer(body=body), Answer(status=304)]
    cloud.answers["/badge/acme/website"] = iter(answers)
    settings = configure(
        tmp_path, cloud.url, cache_ttl="0s", stale_if_error="0s", max_age="26h"
    )
    assert state_of(Site(settings)) is State.SUCCEEDED
    assert state_of(Site(settings)) is State.UNKNOWN
    assert "if-none-match" not in cloud.requests[1].headers


@pytest.mark.parametrize(
    "said", ["paused", "not succeeded", "failed | succeeded", "0 of 12 succeeded", ""]
)
def test_news(cloud: Cloud, said: str) -> None:
    """What is not one of the six words is a status all the same: it was answered."""
    cloud.badges["acme", "website"] = said
    status = ask(cloud.url)
    assert isinstance(status, Status)
    assert status.reported is State.UNKNOWN
    assert status.native == (said or "Cloudback")
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE


@pytest.mark.parametrize("code", [200, 204])
def test_no_picture(cloud: Cloud, code: int) -> None:
    """An answer without a picture is a problem, and no status."""
    cloud.answers["/badge/acme/website"] = iter([Answer(status=code, body=b"")])
    problem = ask(cloud.url)
    assert isinstance(problem, Problem)
    assert problem.category is Category.INVALID_RESPONSE


def test_url_is_not_quoted(cloud: Cloud) -> None:
    """A URL that a variable holds may be a secret: its reference is named instead."""
    cloud.badges["acme", "website"] = f"no such host: {cloud.url}"
    asked = {"options": {"url": "${URL}"}, "environ": {"URL": cloud.url}}
    status = ask("", **asked)
    assert isinstance(status, Status) and status.problem is not None
    assert (
        "the answer of the host that ${URL} stands for says" in status.problem.message
    )
    assert "127.0.0.1" not in str(status)
    cloud.down = True
    problem = ask("", **asked)
    assert isinstance(problem, Problem)
    assert problem.message.startswith("the host that ${URL} stands for answered 503")


def test_age_is_not_guessed(cloud: Cloud, tmp_path: Path) -> None:
    """A badge carries no time: its age cannot be judged, and the title says so."""
    cloud.badges["acme", "website"] = "succeeded"
    site = Site(configure(tmp_path, cloud.url, max_age="26h"))
    badge = site.badge(badge_mark("cloudback:acme/website", {}))
    assert badge.state is State.SUCCEEDED
    assert "its age cannot be judged" in badge.title


def test_nothing_but_the_badge(cloud: Cloud, tmp_path: Path) -> None:
    """Neither time nor number is told of a badge but when it was looked at."""
    cloud.badges["acme", "website"] = "succeeded"
    site = Site(configure(tmp_path, cloud.url))
    (status,) = site.resolve([badge_mark("cloudback:acme/website", {})]).values()
    told: dict[str, Any] = {
        name: getattr(status, name)
        for name in ("started", "finished", "last_success", "next_run")
    }
    assert set(told.values()) == {None}
    assert status.checked is not None
