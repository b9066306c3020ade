"""The plan by other means: dense matrices from the formulas, solved by scipy's linprog, stage after stage.

Nothing of the package's model, solve or solver modules is used here. Columns stand in this order: x of every
tranche, s of every target, z, d of every region.

    budget    Σ x ≤ B            tranche   0 ≤ x ≤ w
    reach     Σ e·x / T + s ≥ 1   must      s = 0
    worst     z ≥ s              floor, ceiling on Σ x of a region, as amounts and as shares of B
    distance  d ≥ |X - X_ref|
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from regionopt.common.instance import Instance

# The tightest that scipy's HiGHS accepts.
OPTIONS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Formulation:
    """A x ≤ b with bounds, and the cost vector of every stage, to be minimised."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n_x, self.n_s, self.n_d = len(instance.tranches), len(instance.targets), len(instance.regions)
        self.size = self.n_x + self.n_s + 1 + self.n_d
        self.bounds = [(0, t.width) for t in instance.tranches]
        self.bounds += [(0, 0 if t.must else 1) for t in instance.targets]
        self.bounds += [(0, None)] * (1 + self.n_d)
        self.rows: list[np.ndarray] = []
        self.right: list[float] = []
        self._write()

    def x(self, region: str | None = None, weights: np.ndarray | None = None) -> np.ndarray:
        """A row over the tranches of a region (or of all), each counted by its weight."""
        row = np.zeros(self.size)
        for j, tranche in enumerate(self.instance.tranches):
            if region is None or tranche.region == region:
                row[j] = 1 if weights is None else weights[j]
        return row

    def unit(self, position: int) -> np.ndarray:
        row = np.zeros(self.size)
        row[position] = 1
        return row

    def at_most(self, row: np.ndarray, right: float) -> None:
        self.rows.append(row)
        self.right.append(right)

    def returns(self, metric: str) -> np.ndarray:
        return np.array([t.returns[metric] for t in self.instance.tranches])

    def _write(self) -> None:
        one, z = self.instance, self.unit(self.n_x + self.n_s)
        self.at_most(self.x(), one.budget)
        for i, t in enumerate(one.targets):
            s = self.unit(self.n_x + i)
            self.at_most(-self.x(t.region, self.returns(t.metric) / t.target) - s, -1)
            self.at_most(s - z, 0)
        for limit in one.limits:
            row = self.x(limit.region)
            for floor, unit in ((limit.floor_fixed, 1.0), (limit.floor_share, one.budget)):
                if floor is not None:
                    self.at_most(-row, -floor * unit)
            for ceiling, unit in ((limit.ceiling_fixed, 1.0), (limit.ceiling_share, one.budget)):
                if ceiling is not None:
                    self.at_most(row, ceiling * unit)
        for i, region in enumerate(one.regions):
            d, reference = self.unit(self.n_x + self.n_s + 1 + i), one.reference[region]
            self.at_most(self.x(region) - d, reference)
            self.at_most(-self.x(region) - d, -reference)

    def cost(self, stage: str) -> tuple[np.ndarray, int]:
        """Costs to be minimised, and the sign that turns their value into the stage's."""
        if stage == "worst_shortfall":
            return self.unit(self.n_x + self.n_s), 1
        if stage == "total_shortfall":
            weights = [self.instance.weights[t.metric] for t in self.instance.targets]
            return np.concatenate([np.zeros(self.n_x), weights, np.zeros(1 + self.n_d)]), 1
        if stage == "spend":
            return self.x(), 1
        if stage == "nearest_reference":
            return np.concatenate([np.zeros(self.n_x + self.n_s + 1), np.ones(self.n_d)]), 1
        return -self.x(weights=self.returns(stage)), -1

    def minimise(self, cost: np.ndarray):
        """scipy's answer."""
        return linprog(cost, np.array(self.rows), self.right, bounds=self.bounds, method="highs", options=OPTIONS)


def stage_values(instance: Instance) -> list[float] | None:
    """The value of every stage in its order, each held but for what is given away; None when infeasible."""
    formulation = Formulation(instance)
    values = []
    for stage in instance.stages:
        cost, sense = formulation.cost(stage)
        answer = formulation.minimise(cost)
        if answer.status == 2:
            return None
        assert answer.status == 0, answer.message
        values.append(sense * answer.fun)
        formulation.at_most(cost, answer.fun + instance.give_away * abs(answer.fun))
    return values


def smallest_budget(instance: Instance) -> float | None:
    """The least B at which all targets are met, None when there is none. B stands after the tranches."""
    n = len(instance.tranches)
    rows, right = [np.append(np.ones(n), -1)], [0.0]

    def spent(region: str, weights: np.ndarray | float = 1.0) -> np.ndarray:
        return np.append([t.region == region for t in instance.tranches] * np.ones(n) * weights, 0)

    of_budget = np.append(np.zeros(n), 1)
    for target in instance.targets:
        gains = np.array([t.returns[target.metric] for t in instance.tranches])
        rows.append(-spent(target.region, gains / target.target))
        right.append(-1)
    for limit in instance.limits:
        row = spent(limit.region)
        for sign, amount, share in (
            (-1, limit.floor_fixed, limit.floor_share),
            (1, limit.ceiling_fixed, limit.ceiling_share),
        ):
            if amount is not None:
                rows.append(sign * row)
                right.append(sign * amount)
            if share is not None:
                rows.append(sign * (row - share * of_budget))
                right.append(0.0)
    bounds = [*((0, t.width) for t in instance.tranches), (0, None)]
    answer = linprog(of_budget, np.array(rows), right, bounds=bounds, method="highs", options=OPTIONS)
    assert answer.status in (0, 2), answer.message
    return answer.fun if answer.status == 0 else None
