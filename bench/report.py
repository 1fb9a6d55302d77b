"""What a measurement reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the report: what, the figure, and the bound it is to stay below.

    ``error`` is the standard error of the ratio.
    """

    what: str
    figure: str
    ratio: float | None = None
    error: float | None = None
    bound: float | None = None

    def __str__(self) -> str:
        digits = 3 if self.error is not None and self.error < 0.005 else 2
        ratio = "" if self.ratio is None else f"{self.ratio:.{digits}f}"
        if self.error is not None:
            ratio += f" ± {self.error:.{digits}f}"
        bound = "" if self.bound is None else f"{self.bound:.2f}"
        return f"| {self.what} | {self.figure} | {ratio} | {bound} |"
