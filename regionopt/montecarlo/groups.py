"""Groups of uncertain numbers: which move together and how, from `[correlation.<group>]` or `--correlate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from regionopt.case.case import Case
from regionopt.case.parts import CorrelationSection
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.montecarlo import correlation
from regionopt.montecarlo.correlation import Together, least_for_all
from regionopt.montecarlo.factors import Factor
from regionopt.montecarlo.inputs import Input


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
        refuse(correlation.problems(place, matrix, len(own), f"all = {least_for_all(len(own)):g}"))
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
