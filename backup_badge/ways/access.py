"""One configured system during one build: what it was asked, and its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode

from backup_badge.documents.parse import LOCAL, count_values
from backup_badge.http.redaction import redactor
from backup_badge.http.responses import Response, check, conditional
from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.answer import Answer, may_be_secret
from backup_badge.ways.command import command_name
from backup_badge.ways.configured import Configured, Declared
from backup_badge.ways.entry import Door, Entry
from backup_badge.ways.failure import Failure, check_exit
from backup_badge.ways.memo import Memo
from backup_badge.ways.reach import Reach, Request
from backup_badge.ways.way import Command, File, Http

Result = TypeVar("Result")
_REFUSED, _UNCHANGED = 401, 304
_MOST_MEMORY = 24 * 1024 * 1024
_VALUE_SIZE = 64
"""Bytes that the answers of a system may take, all of a build and with what is read of
them, and those of one value of JSON: all are kept until the build ends."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Unchanged(Exception):
    """The remembered answer still holds, says the system."""


class Access(Configured):
    """Asks one configured system. Used from several threads."""

    def __init__(
        self,
        *,
        name: str,
        provider: Declared,
        given: Mapping[str, Any],
        reach: Reach,
        environ: Mapping[str, str],
    ) -> None:
        super().__init__(name=name, provider=provider, given=given, environ=environ)
        self.memo = Memo()
        self._reach = reach
        self._logs_in = False
        self._kept_bytes = 0
        self._door = Door(self._find_entry, renewable=lambda: self._logs_in)

    @property
    def queue(self) -> str:
        """What is slow together: a host, a command, a file."""
        for key in ("file", "command", "url"):
            if self.given.get(key):
                return f"{key} {self.given[key]}"
        return self.name

    def get(
        self, path: str, query: Mapping[str, str], validator: str | None = None
    ) -> Answer:
        """Get what is at a path, once a build.

        With the ``validator`` of an earlier answer, raises :class:`Unchanged` where
        that still holds.
        """
        asked = f"{path}?{urlencode(sorted(query.items()))}" if query else path
        ask = partial(self._ask, "GET", asked, headers=conditional(validator))
        return self.memo.once(("GET", asked), ask)

    def post(self, path: str, content: object) -> Answer:
        """Post a JSON document, once a build."""
        key = ("POST", path, json.dumps(content, sort_keys=True))
        ask = partial(self._ask, "POST", path, content=content)
        return self.memo.once(key, ask)

    def send(
        self,
        entry: Entry,
        method: str,
        path: str,
        *,
        content: object = None,
        headers: Mapping[str, str] = _NONE,
    ) -> Answer:
        """Make one exchange, of any status. For a login, which asks elsewhere."""
        accept = self.way.accept if isinstance(self.way, Http) else "application/json"
        secrets = self.secrets(*entry.secrets)
        response = self._reach.send(
            Request(
                method=method,
                url=entry.url + path,
                headers={"Accept": accept, **entry.headers, **headers},
                content=content,
                confidential=bool(entry.headers) or content is not None,
                shown=entry.shown,
                ca_file=self.options.get("ca_file"),
                path=path,
                secrets=secrets,
            )
        )
        self._charge(response, entry.shown)
        return Answer(
            origin=f"the answer of {entry.shown}",
            body=response.body,
            time=self._reach.now(),
            code=response.status,
            headers=response.headers,
            secrets=secrets,
        )

    def _charge(self, response: Response, shown: str) -> None:
        """Refuse to keep an answer that makes all of a system's take too much."""
        size = len(response.body) + _VALUE_SIZE * count_values(response.body)
        if self._kept_bytes + size > _MOST_MEMORY:
            why = f"{shown} answered with more than a build can keep"
            raise ProblemError(Category.INVALID_RESPONSE, why)
        self._kept_bytes += size

    def checked(self, entry: Entry, answer: Answer) -> Answer:
        """Return the answer if its status is a success. Raises ProblemError."""
        response = Response(
            status=answer.code, headers=answer.headers, body=answer.body
        )
        check(response, host=entry.shown)
        return answer

    def file(self) -> Answer:
        """Read the configured file, once a build."""
        path = self.required("file")

        def read() -> Answer:
            content, written = self._reach.read(path)
            origin = f"the file {path.name}"
            return Answer(origin=origin, body=content, time=written, limit=LOCAL)

        return self.memo.once("file", read)

    def run(self, fixed: tuple[str, ...]) -> Answer:
        """Run the configured command, once a build."""
        arguments = (*self.required("command"), *fixed)
        return self.memo.once(("run", arguments), partial(self._run, arguments))

    def document(self, failures: Iterable[Failure] = ()) -> Answer:
        """Return the answer of the configured way, if that is no failed command's."""
        if isinstance(self.way, Command):
            return check_exit(self.run(()), failures)
        return self.file() if isinstance(self.way, File) else self.get("", {})

    def call(
        self, function: Callable[..., Result], arguments: tuple[Hashable, ...]
    ) -> Result:
        """Call a library's function, once a build."""

        def contained() -> Result:
            try:
                return function(*arguments)
            except ProblemError:
                raise
            except Exception as error:
                # Its words may hold an account's name: only its class is told.
                why = f"the library of {self.name!r} failed: {type(error).__name__}"
                raise ProblemError(Category.UNREACHABLE, why) from error

        def call() -> Result:
            self._reach.begin()
            name = getattr(function, "__name__", "of a function")
            return self._reach.call(name, contained)

        return self.memo.once(("call", function, arguments), call)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: object = None,
        headers: Mapping[str, str] = _NONE,
    ) -> Answer:
        self._reach.begin()
        entry = self._door.entry()
        send = partial(self.send, method=method, path=path)
        answer = send(entry, content=content, headers=headers)
        if answer.code == _REFUSED and (renewed := self._door.renewed(entry)):
            entry, answer = renewed, send(renewed, content=content, headers=headers)
        if answer.code == _UNCHANGED and headers:
            raise Unchanged
        try:
            return self.checked(entry, answer)
        except ProblemError as error:
            if answer.code == _REFUSED and entry.headers:
                self._door.close(entry, error)
            raise

    def _run(self, arguments: tuple[str, ...]) -> Answer:
        self._reach.begin()
        names = tuple(self.options.get("env") or ())
        done = self._reach.run(arguments, names)
        values = (self._environ.get(name, "") for name in names)
        secrets = self.secrets(*filter(may_be_secret, values))
        return Answer(
            origin=f"the command {command_name(arguments)!r}",
            body=done.output,
            time=self._reach.now(),
            limit=LOCAL,
            code=done.code,
            errors=redactor(secrets)(done.errors.decode(errors="replace")),
            secrets=secrets,
            local=True,
        )

    def _find_entry(self) -> Entry:
        entry = self.provider.login(self)
        self._logs_in = entry is not None
        if entry is None:
            return self.entry()
        # A host that an answer names may repeat a secret.
        redact = redactor(self.secrets(*entry.secrets))
        return replace(entry, shown=redact(entry.shown))

    @property
    def base(self) -> str:
        """The URL below which requests go. Raises ProblemError."""
        return self._door.entry().url
