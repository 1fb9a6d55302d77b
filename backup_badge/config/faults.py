"""The faults of a configuration, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from backup_badge.config.origin import ConfigSource


class Faults:
    """Collects sentences, to be reported together."""

    def __init__(self, sources: Sequence[ConfigSource]) -> None:
        self._sources = sources
        self.sentences: list[str] = []

    def holder(self, path: tuple[str, ...]) -> tuple[ConfigSource, tuple[str, ...]]:
        """Return the source that said a key last, or the table that it would be in."""
        while not (sources := [one for one in self._sources if one.has(path)]):
            path = path[:-1]
        return sources[-1], path

    def add(self, path: tuple[str, ...], sentence: str) -> None:
        """Note a fault with the place of the source that said it last."""
        source, held = self.holder(path)
        table = ".".join(path[:-1])
        where = f" in [{table}]" if table and not source.prefix else ""
        named = f" ({source.prefix}{'.'.join(path)})" if source.prefix else ""
        self.sentences.append(f"{source.place(held)}{named}:{where} {sentence}")
