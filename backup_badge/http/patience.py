"""How long a host is asked: which failures pass, and when it is given up."""

from __future__ import annotations

from dataclasses import dataclass, field

from backup_badge.http.responses import Response, is_rate_limited
from backup_badge.values.problem import Category, LastingError, Problem, ProblemError

FAILURES_BEFORE_GIVING_UP = 3
"""When so many questions to a host fail, each after all its tries, and none is
answered, the others fail at once."""
_PASSING_STATUS = frozenset({429, 500, 502, 503, 504})


@dataclass
class Patience:
    """What is known of an origin: what fails there, and when it may be asked again."""

    failing: dict[str, Problem] = field(default_factory=dict)
    not_before: float = 0.0

    def note(self, url: str, outcome: Response | ProblemError) -> None:
        """Remember what a question came to; any answer proves the host alive."""
        if isinstance(outcome, ProblemError):
            if outcome.problem.category is not Category.INVALID_RESPONSE:
                self.failing[url] = outcome.problem
        elif not may_pass(outcome):
            self.failing = {}
        else:
            is_limit = is_rate_limited(outcome)
            category = Category.RATE_LIMITED if is_limit else Category.UNREACHABLE
            message = f"answered {outcome.status} again and again"
            self.failing[url] = Problem(category=category, message=message)

    def refuse_if_hopeless(self, host: str, until: float) -> None:
        """Raise ProblemError when the host is dead, or wants no question until then."""
        if self.not_before >= until:
            message = f"{host} wants to be left alone for longer than a build waits"
            raise ProblemError(Category.RATE_LIMITED, message)
        failing = list(self.failing.values())
        if len(failing) >= FAILURES_BEFORE_GIVING_UP:
            raise ProblemError(
                failing[0].category,
                f"{host} {failing[0].message} (after {len(failing)} such sources, the"
                " host is not asked again in this build)",
            )


def may_pass(outcome: Response | ProblemError) -> bool:
    """Whether the same question may be answered in a moment."""
    if isinstance(outcome, ProblemError):
        is_lasting = isinstance(outcome, LastingError)
        return outcome.problem.category is Category.UNREACHABLE and not is_lasting
    return outcome.status in _PASSING_STATUS or is_rate_limited(outcome)
