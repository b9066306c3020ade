"""Targets that are relative to something else than an amount.

    reach[m,all,growth]   Σ_r gained[m,r] / (R · baseline[m,r]) / g + s ≥ 1     (mean growth over the regions)
    share[m,r]            gained[m,r] ≥ share · Σ_q gained[m,q]                 (share of the national total)

Growth of one region on its baseline, and amounts per head, are amounts once the baseline and the population are
known: they are ordinary `reach` rows. A share of a total that the plan itself decides has no amount to fall short
of, so it must be kept.
"""

from __future__ import annotations

from regionopt.model.core import Model


def write(model: Model) -> None:
    """One row for each share of a national total."""
    for minimum in model.instance.shares:
        gained = model.gained(minimum.metric, minimum.region)
        model.row(gained >= minimum.share * model.gained(minimum.metric), "share", minimum.metric, minimum.region)
