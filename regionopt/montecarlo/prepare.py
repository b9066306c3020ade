"""From a case and what is asked of it to draws: inputs, correlations, and the job that solves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from regionopt.case.case import Case
from regionopt.case.parts import CorrelationSection
from regionopt.case.patches import Patch
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.montecarlo import correlation
from regionopt.montecarlo.correlation import Together
from regionopt.montecarlo.draws import Draws, slots_of
from regionopt.montecarlo.inputs import Factor, Input, factors_of, inputs_of
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
    problems = list(_rules(question))
    inputs = inputs_of(case, question.vary, question.only)
    if not inputs:
        problems.append(Problem("nothing_uncertain", case.path.name))
    refuse(problems)
    factors = factors_of(case, inputs)
    together = groups_of(case, inputs, factors, question.correlate)
    slots = slots_of(factors, lambda factor, value: strays(case, factor, value))
    return Draws(factors, question.draws, slots, question.seed, question.sampler, together)


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


def groups_of(
    case: Case, inputs: Sequence[Input], factors: Sequence[Factor], correlate: Sequence[str]
) -> tuple[Together, ...]:
    """The groups of factors that move together. Raises InputError for groups without correlations, correlations
    without a group, and matrices that are none of correlations."""
    sections = {**case.document.correlation, **_of_command(correlate)}
    named = dict.fromkeys(one.group for one in inputs if one.group)
    where = {name: f"{case.path.name}: correlation.{name}" for name in (*named, *sections)}
    where |= {name: f"--correlate {name}" for name in _of_command(correlate)}
    problems = [
        Problem("group_without_correlation", f"{one.place}.group", one.group, {"group": one.group})
        for one in inputs
        if one.group and one.group not in sections
    ]
    spare = [name for name in _of_command(correlate) if name not in named]
    problems += [Problem("correlation_without_group", where[name], name) for name in spare]
    found = []
    for group in named:
        if group in sections:
            places = np.array([k for k, factor in enumerate(factors) if factor.input.group == group], dtype=np.int64)
            try:
                found.append(_together(where[group], group, sections[group], places, [factors[k] for k in places]))
            except InputError as error:
                problems += error.problems
    refuse(problems)
    return tuple(found)


def _together(
    place: str, group: str, section: CorrelationSection, places: np.ndarray, own: Sequence[Factor]
) -> Together:
    if (section.all is None) == (not section.matrix):
        raise InputError([Problem("correlation_one_of", place)])
    if section.all is not None:
        matrix = np.full((len(own), len(own)), float(section.all))
        np.fill_diagonal(matrix, 1.0)
    else:
        members, named = [factor.input.name for factor in own], section.between
        if len(set(named)) < len(named) or len(set(members)) < len(members) or set(members) - set(named):
            facts = {"members": ", ".join(dict.fromkeys(members))}
            raise InputError([Problem("correlation_between", f"{place}.between", ", ".join(named), facts)])
        if {len(row) for row in section.matrix} | {len(section.matrix)} != {len(named)}:
            raise InputError([Problem("correlation_shape", f"{place}.matrix", None, {"size": len(named)})])
        whole = np.array(section.matrix, dtype=float)
        refuse(correlation.problems(place, whole, len(named)))
        order = [named.index(name) for name in members]
        matrix = whole[np.ix_(order, order)]
    refuse(correlation.problems(place, matrix, len(own)))
    return Together(group, places, matrix)


def _of_command(texts: Sequence[str]) -> Mapping[str, CorrelationSection]:
    """`--correlate GROUP=0.5`: the correlation of any two members."""
    found = {}
    for text in texts:
        group, equals, value = (part.strip() for part in text.partition("="))
        try:
            found[group] = CorrelationSection(all=float(value))
        except ValueError:
            equals = ""
        if not (group and equals):
            raise InputError([Problem("bad_correlate", "--correlate", text)])
    return found
