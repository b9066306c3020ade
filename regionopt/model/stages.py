"""The objective stages: each adds what it needs to the program and says what is optimised.

    worst_shortfall     min z                 worst[m,r]   z ≥ s[m,r]
    leximin             after the worst-off, the next worst-off: for n = 1 … all targets,
                        min n·t[n] + Σ d[n,i]  excess[n,i]  d[n,i] ≥ s[i] - t[n]     (sum of the n largest)
    total_shortfall     min Σ weight[m]·s[m,r]
    output, jobs        max national total
    spend               min Σ X
    nearest_reference   min Σ_r d[r]          above[r]     d[r] ≥ X[r] - X_ref[r]
                                              below[r]     d[r] ≥ X_ref[r] - X[r]

The sum of the n largest shortfalls as a linear program: Ogryczak & Tamir 2003, Information Processing Letters 85.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pulp import lpSum

from regionopt.common.instance import METRICS
from regionopt.model.core import Model, Stage


def _worst_shortfall(model: Model) -> None:
    worst = model.column("worst_shortfall", upper=1)
    for key, shortfall in model.shortfall.items():
        model.row(worst >= shortfall, "worst", *key)
    model.stages.append(Stage("worst_shortfall", 1, 1 * worst))


def _leximin(model: Model) -> None:
    for n in range(1, len(model.shortfall) + 1):
        level = model.column("level", n, upper=1)
        excess = []
        for key, shortfall in model.shortfall.items():
            excess.append(model.column("excess", n, *key))
            model.row(excess[-1] >= shortfall - level, "excess", str(n), *key)
        model.stages.append(Stage(f"leximin[{n}]", 1, n * level + lpSum(excess)))


def _total_shortfall(model: Model) -> None:
    weights = model.instance.weights
    total = lpSum(weights[key[0]] * s for key, s in model.shortfall.items())
    model.stages.append(Stage("total_shortfall", 1, total))


def _national(metric: str) -> Callable[[Model], None]:
    def stage(model: Model) -> None:
        model.stages.append(Stage(metric, -1, model.gained(metric)))

    return stage


def _spend(model: Model) -> None:
    model.stages.append(Stage("spend", 1, model.spent()))


def _nearest_reference(model: Model) -> None:
    distances = []
    for region in model.instance.regions:
        distance = model.column("distance", region)
        allocation, reference = model.allocation(region), model.instance.reference[region]
        model.row(distance + reference >= allocation, "above", region)
        model.row(distance + allocation >= reference, "below", region)
        distances.append(distance)
    model.stages.append(Stage("nearest_reference", 1, lpSum(distances)))


WRITERS: Mapping[str, Callable[[Model], None]] = {
    "worst_shortfall": _worst_shortfall,
    "leximin": _leximin,
    "total_shortfall": _total_shortfall,
    **{metric: _national(metric) for metric in METRICS},
    "spend": _spend,
    "nearest_reference": _nearest_reference,
}
