"""Servers that ask for fewer requests: how they say it, and what is made of it."""

from __future__ import annotations

import time
from collections.abc import Mapping

import faults
import pytest
from faults import Faulty

from backup_badge.http.client import Client
from backup_badge.http.responses import Response, check, requested_pause
from backup_badge.values.problem import Category, ProblemError

NONE_LEFT = {"x-ratelimit-remaining": "0"}


@pytest.mark.parametrize(
    ("status", "headers", "category"),
    [
        (429, {}, Category.RATE_LIMITED),
        (403, {}, Category.UNAUTHORIZED),
        (403, NONE_LEFT, Category.RATE_LIMITED),
        (403, {"ratelimit-remaining": " 0 "}, Category.RATE_LIMITED),
        (403, {"retry-after": "60"}, Category.RATE_LIMITED),
        (403, {"x-ratelimit-remaining": "12"}, Category.UNAUTHORIZED),
        (404, NONE_LEFT, Category.NOT_FOUND),
        (401, NONE_LEFT, Category.UNAUTHORIZED),
    ],
)
def test_categories(
    status: int, headers: Mapping[str, str], category: Category
) -> None:
    """A 403 of who has no request left is no refusal of the credential."""
    with pytest.raises(ProblemError) as caught:
        check(Response(status=status, headers=headers, body=b""), host="example.org")
    assert caught.value.problem.category is category


@pytest.mark.parametrize(
    ("status", "headers", "least", "most"),
    [
        (429, {"retry-after": "7"}, 7, 7),
        (403, {**NONE_LEFT, "x-ratelimit-reset": "30"}, 30, 30),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "30"}, 30, 30),
        (403, {**NONE_LEFT, "x-ratelimit-reset": "in 600 seconds"}, 500, 600),
        (403, {**NONE_LEFT, "x-ratelimit-reset": "1000000000"}, 0, 0),
    ],
)
def test_the_pause_that_is_asked_for(
    status: int, headers: Mapping[str, str], least: float, most: float
) -> None:
    """The time of the next requests is read as a time or as seconds."""
    soon = str(int(time.time()) + 600)
    told = {
        name: soon if value.startswith("in ") else value
        for name, value in headers.items()
    }
    pause = requested_pause(Response(status=status, headers=told, body=b""))
    assert pause is not None
    assert least <= pause <= most


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "30"}),
        (200, {**NONE_LEFT, "x-ratelimit-reset": "30"}),
        (403, {**NONE_LEFT, "x-ratelimit-reset": "soon"}),
        (429, {}),
    ],
)
def test_no_pause_is_asked_for(status: int, headers: Mapping[str, str]) -> None:
    """GitHub tells the reset in each answer: it counts where no request is left."""
    assert requested_pause(Response(status=status, headers=headers, body=b"")) is None


def test_a_host_that_wants_peace_for_an_hour_is_asked_once() -> None:
    """Who has no request left asks no more in this build: not again, nothing else."""
    reset = str(int(time.time()) + 3600)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    server = Faulty(faults.status(403, headers))
    with server as url:
        client = Client(timeout=5, until=time.monotonic() + 10)
        first = client.get(f"{url}/one", accept="*/*")
        with pytest.raises(ProblemError) as caught:
            client.get(f"{url}/other", accept="*/*")
        client.close()
    assert first.status == 403
    assert caught.value.problem.category is Category.RATE_LIMITED
    assert len(server.requests) == 1
