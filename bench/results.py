"""What was measured, and the table of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ROOM = 0.8
"""A bound holds with room where at most this share of what it allows is used."""

HEAD = (
    "| measured | rounds | clock, s | processor, s | result | bound | holds |\n"
    "|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds that one run took, by the clock and of the processor."""

    clock: float
    processor: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: what was measured, the result, and its bound.

    ``taken`` has a run for each round; ``beside`` are the runs it is compared with.
    ``least`` is the best that the result can be: 1 for a ratio.
    """

    what: str
    taken: Sequence[Taken]
    beside: Sequence[Taken] = ()
    result: float
    bound: float
    least: float = 0
    unit: str = ""

    def __str__(self) -> str:
        runs = [taken for taken in (self.taken, self.beside) if taken]
        clock = (f"{median(run.clock for run in taken):.2f}" for taken in runs)
        processor = (f"{median(run.processor for run in taken):.2f}" for taken in runs)
        room = self.result - self.least <= ROOM * (self.bound - self.least)
        holds = "no" if self.result > self.bound else "with room" if room else "barely"
        return (
            f"| {self.what} | {len(self.taken)} | {' : '.join(clock)}"
            f" | {' : '.join(processor)} | {self.result:.3g}{self.unit}"
            f" | {self.bound:g}{self.unit} | {holds} |"
        )
