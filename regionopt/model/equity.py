"""Equity between regions, measured by money per head  h[r] = X[r] / people[r].

    highest[r]        h[r] ≤ high              lowest[r]      h[r] ≥ low
    ratio             high ≤ ρ · low                                    (highest to lowest at most ρ)
    above_pair[q,r]   g[q,r] ≥ h[q] - h[r]     below_pair[q,r]  g[q,r] ≥ h[r] - h[q]
    mean_difference   Σ_{q<r} g[q,r] ≤ cap · number of pairs             (mean absolute difference)

Floors and ceilings per head are ordinary floors and ceilings; leximin is a stage.
"""

from __future__ import annotations

from itertools import combinations

from pulp import lpSum

from regionopt.model.core import Model


def write(model: Model) -> None:
    """The rows of the limits that are given."""
    equity = model.instance.equity
    if equity is None:
        return
    per_head = {r: model.allocation(r) * (1 / equity.heads[r]) for r in model.instance.regions}
    if equity.ratio is not None:
        high, low = model.column("high"), model.column("low")
        for region, value in per_head.items():
            model.row(value <= high, "highest", region)
            model.row(value >= low, "lowest", region)
        model.row(high <= equity.ratio * low, "ratio")
    if equity.mean_difference is not None and len(per_head) > 1:
        gaps = []
        for q, r in combinations(model.instance.regions, 2):
            gaps.append(model.column("gap", q, r))
            model.row(gaps[-1] >= per_head[q] - per_head[r], "above_pair", q, r)
            model.row(gaps[-1] >= per_head[r] - per_head[q], "below_pair", q, r)
        model.row(lpSum(gaps) <= equity.mean_difference * len(gaps), "mean_difference")
