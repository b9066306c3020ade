"""What every solver is asked and answers: a program and costs go in, a status and a basis come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from regionopt.common.document import Status
from regionopt.model.program import Basis, Program

# The tightest that HiGHS accepts: what a stage gives away (1e-9) must be visible to the solver.
FEASIBILITY = 1e-10


@dataclass(frozen=True)
class Answer:
    """A solver's answer: numbers exist only when the status is optimal.

    With whole numbers there is no basis but a proven `bound` of the value; `stopped` says that a time limit was
    hit, and `x` is then the best plan found, empty when there is none.
    """

    status: Status
    x: tuple[float, ...] = ()
    basis: Basis | None = None
    bound: float | None = None
    stopped: bool = False


class Engine(Protocol):
    """Minimises the costs over a program."""

    name: str

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer: ...
