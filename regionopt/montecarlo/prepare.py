"""From a case and what is asked of it to draws: inputs, correlations, and the job that solves them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from regionopt.case.case import Case
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError, Problem, found_by, refuse
from regionopt.montecarlo.draws import Draws, slots_of
from regionopt.montecarlo.factors import Factor, factors_of
from regionopt.montecarlo.groups import groups_of
from regionopt.montecarlo.inputs import inputs_of, parsed
from regionopt.montecarlo.samples import SAMPLERS
from regionopt.sweep.effects import OUT_OF_RANGE


@dataclass(frozen=True)
class Question:
    """What is asked of a case: how many draws, from which seed, by which sampler; inputs of the command line
    (`vary`), those of the case file that count (`only`, all where it is None), correlations of the command line."""

    draws: int = 1000
    seed: int = 1
    sampler: str = "philox"
    vary: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    correlate: tuple[str, ...] = ()


def uncertain(case: Case, question: Question) -> Draws:
    """The draws of a question. Raises InputError with all that is wrong with it."""
    read = partial(inputs_of, case, question.vary, question.only)
    problems = [*_rules(question), *found_by(read, *(partial(_alone, case, text) for text in question.vary))]
    refuse(problems)
    inputs = read()
    if not inputs:
        problems.append(Problem("nothing_uncertain", case.path.name))
    refuse(problems)
    factors = factors_of(case, inputs)
    together = groups_of(case, inputs, factors, question.correlate)
    slots = slots_of(factors, lambda factor, value: strays(case, factor, value))
    return Draws(factors, question.draws, slots, question.seed, question.sampler, together)


def _alone(case: Case, text: str) -> None:
    """One input of the command line: what is wrong with others does not hide what is wrong with it."""
    factors_of(case, (parsed(text),))


def _rules(question: Question) -> list[Problem]:
    found = []
    if question.draws < 1:
        found.append(Problem("no_draws", "--draws", question.draws))
    if not 0 <= question.seed < 2**64:
        found.append(Problem("seed_range", "--seed", question.seed))
    if question.sampler not in SAMPLERS:
        found.append(Problem("unknown_sampler", "--sampler", question.sampler, {"known": ", ".join(SAMPLERS)}))
    return found


def strays(case: Case, factor: Factor, value: float) -> bool:
    """Whether the case refuses a value of a factor whatever the others are."""
    patches = [Patch(path, factor.input.how, value, "--set") for path in factor.paths]  # type: ignore[arg-type]
    try:
        _ = case.patched(*patches).instance
    except InputError as error:
        return any(problem.code in OUT_OF_RANGE for problem in error.problems)
    return False
