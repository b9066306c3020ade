"""Why runs were not solved or not proven: every rule that they broke, with how many did and the first of them."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import Problem, found_by
from regionopt.common.texts import Language, catalogue, short, text
from regionopt.sweep.work import Job


@dataclass(frozen=True)
class Reason:
    """A code of the column `reason`, how many runs have it, the first one's name, and what is wrong with that one:
    nothing known where it was refused by the solver, not by the case."""

    code: str
    count: int
    run: str
    problem: Problem | None

    def sentence(self, language: Language) -> str:
        """Code, count, and the rule in words as the first run broke it."""
        rule = self.problem.sentence(language) if self.problem else _rule(self.code, language)
        facts = {"reason": self.code, "count": f"{self.count:,}", "run": self.run, "rule": rule}
        return text("sweep.reason", language, **facts)


def reasons_of(job: Job, folder: Path) -> Iterator[Reason]:
    """The reasons of a finished job, the most frequent first."""
    counted = json.loads((folder / "counts.json").read_bytes())["reasons"]
    for code, (count, first) in sorted(counted.items(), key=lambda item: (-item[1][0], item[0])):
        (run,) = job.order.some(first, first + 1)
        yield Reason(code, count, run.name, _broken(job.case, run.patches, code))


def _broken(case: Case, patches: Sequence[Patch], code: str) -> Problem | None:
    """The rule of this code that a run breaks; a run that the case does not refuse is not solved again."""
    wrong = found_by(lambda: case.patched(*patches).instance)
    return next((problem for problem in wrong if problem.code == code), None)


def _rule(code: str, language: Language) -> str:
    """The rule without the facts of any one run."""
    template: str = catalogue()["problem"][code]["rule"][short(language)]
    facts = {name: "…" for _, name, _, _ in string.Formatter().parse(template) if name}
    return text(f"problem.{code}.rule", language, **facts).rstrip()
