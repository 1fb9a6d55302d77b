"""The faults of a configuration, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from backup_badge.config.origin import ConfigSource


class Faults:
    """Collects sentences, to be reported together."""

    def __init__(self, sources: Sequence[ConfigSource]) -> None:
        self._sources = sources
        self.sentences: list[str] = []

    def add(self, path: tuple[str, ...], sentence: str) -> None:
        """Note a fault with the place of the source that said it last."""
        held = path
        while not (sources := [one for one in self._sources if one.has(held)]):
            held = held[:-1]
        source, table = sources[-1], ".".join(path[:-1])
        where = f" in [{table}]" if table and not source.prefix else ""
        named = f" ({source.prefix}{'.'.join(path)})" if source.prefix else ""
        self.sentences.append(f"{source.place(held)}{named}:{where} {sentence}")
