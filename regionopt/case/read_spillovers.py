"""Spillovers, from `[spillovers.<metric>.<region of the money>]` of the case file: where a return arises.

    [spillovers.output.capital]
    capital = 0.8
    tcm = 0.15

    σ[m,q,r]   share of what region q's programmes bring of metric m that arises in region r;  Σ_r σ[m,q,r] ≤ 1

Shares have unit 1. A row that is given stands as it is: what it does not name gets nothing, and what is missing to 1
arises nowhere in the plan. A region without a row keeps all of its returns (identity).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from regionopt.case.compute import Resolved
from regionopt.case.naming import unknown_regions
from regionopt.common.errors import Problem
from regionopt.common.instance import METRICS

Matrix = Mapping[tuple[str, str], float]


def part(resolved: Resolved) -> dict[str, Matrix]:
    """The matrix of each metric that has a row, without zeros; unknown regions are left out."""
    regions = [region.id for region in resolved.context.sources.regions]
    matrices: dict[str, Matrix] = {}
    for metric, rows in resolved.context.document.spillovers.items():
        if metric in METRICS and rows:
            path = f"spillovers.{metric}"
            full = {q: {r: resolved.stated[f"{path}.{q}.{r}"].value for r in row} for q, row in rows.items()}
            shares = {(q, r): full.get(q, {q: 1.0}).get(r, 0.0) for q in regions for r in regions}
            matrices[metric] = {pair: share for pair, share in shares.items() if share}
    return matrices


def problems(resolved: Resolved) -> Iterator[Problem]:
    """Metrics and regions exist, and no row gives away more than there is."""
    regions = [region.id for region in resolved.context.sources.regions]
    for metric, rows in resolved.context.document.spillovers.items():
        place = f"{resolved.context.file}: spillovers.{metric}"
        if metric not in METRICS:
            yield Problem("unknown_metric", place, metric, {"known": ", ".join(METRICS)})
            continue
        yield from unknown_regions(place, rows, regions)
        for origin, row in rows.items():
            yield from unknown_regions(f"{place}.{origin}", row, regions)
            shares = [resolved.stated[f"spillovers.{metric}.{origin}.{r}"].value for r in row]
            if max(shares, default=0.0) <= 1 and math.fsum(shares) > 1 + 1e-9:
                yield Problem("spillover_above_one", f"{place}.{origin}", f"{math.fsum(shares):g}")
