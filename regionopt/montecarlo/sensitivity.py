"""Which inputs move the answer: designs and indices are SALib's, the runs are the engine's.

    sobol    N·(D + 2) runs; S1 the part of an output's variance that an input explains alone, ST with all others
    morris   N·(D + 1) runs; mu_star the mean size of an output's change over half the range of an input, sigma its
             spread: an input that acts with others, or not in proportion, has a large one

Inputs are taken as independent here, whatever moves together in the draws. A design needs a plan in every run: where
one has none, there are no indices, and it is said how many have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from regionopt.common.errors import InputError, Problem
from regionopt.montecarlo.draws import Design, Key
from regionopt.montecarlo.factors import Factor
from regionopt.montecarlo.outputs import Output
from regionopt.sweep.flat import Array
from regionopt.sweep.slots import Slot

Method = Literal["sobol", "morris"]
METHODS: Mapping[str, tuple[str, ...]] = {
    "sobol": ("S1", "S1_conf", "ST", "ST_conf"),
    "morris": ("mu", "mu_star", "mu_star_conf", "sigma"),
}
RANKED = {"sobol": "ST", "morris": "mu_star"}
RUNS = {"sobol": 256, "morris": 20}
LEVELS = 4
# Morris goes to the ends of an input: here these are its 1st and 99th percentile, since many have no ends.
TAIL = 0.01
# An output that moves by less than this part of its size does not move.
STILL = 1e-9


def design(factors: Sequence[Factor], slots: Mapping[Key, Slot], method: str, runs: int, seed: int) -> Design:
    """The runs of a method. Raises InputError without the package, and for a number of runs that it cannot use."""
    if runs < 2 or (method == "sobol" and runs & (runs - 1)):
        raise InputError([Problem("sensitivity_runs", "--sensitivity-runs", runs)])
    problem = _problem(factors)
    try:
        if method == "sobol":
            from SALib.sample import sobol

            points = sobol.sample(problem, runs, calc_second_order=False, seed=seed % 2**32)
        else:
            from SALib.sample import morris

            points = TAIL + (1 - 2 * TAIL) * morris.sample(problem, runs, num_levels=LEVELS, seed=seed % 2**32)
    except ImportError:
        raise InputError([Problem("extra_missing", "--sensitivity", None, {"extra": "sensitivity"})]) from None
    matrix = np.clip(points, 2.0**-54, 1 - 2.0**-53)
    return Design(tuple(factors), len(matrix), slots, matrix, method, seed)


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    return {"num_vars": len(factors), "names": [f.name for f in factors], "bounds": [[0.0, 1.0]] * len(factors)}


@dataclass(frozen=True)
class Influence:
    """How much an input moves an output; rank 1 moves it most. No numbers where a run has no plan."""

    output: Output
    factor: str
    measures: Mapping[str, float | None]
    rank: int | None


def influences(asked: Design, output: Output, values: Array) -> list[Influence]:
    """The indices of every input for one output, whose value in each run of the design is given."""
    names, measures = asked.columns, METHODS[asked.method]
    if np.isnan(values).any():
        return [Influence(output, name, dict.fromkeys(measures), None) for name in names]
    if np.ptp(values) <= STILL * (1 + np.abs(values).max()):
        return [Influence(output, name, dict.fromkeys(measures, 0.0), None) for name in names]
    found = _indices(asked, values)
    order = np.argsort(-np.array(found[RANKED[asked.method]]), kind="stable")
    ranks = {int(k): rank for rank, k in enumerate(order, 1)}
    return [
        Influence(output, name, {measure: float(found[measure][k]) for measure in measures}, ranks[k])
        for k, name in enumerate(names)
    ]


def _indices(asked: Design, values: Array) -> Mapping[str, Any]:
    problem, seed = _problem(asked.factors), asked.seed % 2**32
    told: Mapping[str, Any]
    if asked.method == "sobol":
        from SALib.analyze import sobol

        told = sobol.analyze(problem, values, calc_second_order=False, seed=seed)
    else:
        from SALib.analyze import morris

        unit = (asked.matrix - TAIL) / (1 - 2 * TAIL)
        told = morris.analyze(problem, unit, values, num_levels=LEVELS, seed=seed)
    return told
