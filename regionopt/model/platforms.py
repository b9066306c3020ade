"""Platforms and supporting measures: the only parts of the program that come in whole numbers.

    open[a] ∈ {0, 1}, 1 where required        count[i] ∈ {minimum … maximum}
    unlock[a,r,p,k]      x[r,p,k] ≤ w[r,p,k] · open[a]                    (money only where it is open)
    raise[a,r,p,k]       q ≤ w · open[a],  within[a,r,p,k]  q ≤ x         (q: money whose return is raised)

A platform's fixed cost counts to its region's allocation; measures are national. Both are paid from B.
"""

from __future__ import annotations

from pulp import LpInteger

from regionopt.common.instance import Platform
from regionopt.model.core import Model


def columns(model: Model) -> None:
    """Whole-number columns; they are needed before any sum of money is written."""
    for platform in model.instance.platforms:
        lower = 1 if platform.required else 0
        model.opened[platform.id] = model.column("open", platform.id, lower=lower, upper=1, kind=LpInteger)
        for t in model.instance.tranches:
            if (t.region, t.programme) in platform.raises:
                model.raised[platform.id, t.key] = model.column("raised", platform.id, *t.key, upper=t.width)
    for measure in model.instance.measures:
        model.count[measure.id] = model.column(
            "count", measure.id, lower=measure.minimum, upper=measure.maximum, kind=LpInteger
        )


def write(model: Model) -> None:
    """What opening a platform unlocks and raises."""
    for platform in model.instance.platforms:
        _write(model, platform)


def _write(model: Model, platform: Platform) -> None:
    opened = model.opened[platform.id]
    for t in model.instance.tranches:
        name = (platform.id, *map(str, t.key))
        if (t.region, t.programme) in platform.unlocks:
            model.row(model.spend[t.key] <= t.width * opened, "unlock", *name)
        if (platform.id, t.key) in model.raised:
            raised = model.raised[platform.id, t.key]
            model.row(raised <= t.width * opened, "raise", *name)
            model.row(raised <= model.spend[t.key], "within", *name)
