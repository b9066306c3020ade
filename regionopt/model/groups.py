"""Groups of programmes: initiatives, funds, ministries, with limits and with money of their own.

    G[g]                = Σ x over the programmes of g
    group_floor[g]        G[g] ≥ floor           group_floor_share[g]      G[g] ≥ share · B
    group_ceiling[g]      G[g] ≤ ceiling         group_ceiling_share[g]    G[g] ≤ share · B
    own[g]                G[g] ≤ b[g] + h[g]                  (b: own budget; h: what it takes from the general one)
    general               Σ x outside all such groups + Σ_g h[g] ≤ B - Σ_g b[g]

An own budget is part of B and may not leave its group; groups with own budgets share no programme.
"""

from __future__ import annotations

from pulp import LpAffineExpression, lpSum

from regionopt.common.instance import Group
from regionopt.model.core import Model


def write(model: Model) -> None:
    """The rows of every group, and the general budget when some of it is set aside."""
    for group in model.instance.groups:
        _limits(model, group)
    funded = [group for group in model.instance.groups if group.own_budget is not None]
    if not funded:
        return
    taken = []
    for group in funded:
        taken.append(model.column("general", group.id))
        model.row(_money(model, group) <= group.own_budget + taken[-1], "own", group.id)
    inside = frozenset[tuple[str, str]]().union(*(group.programmes for group in funded))
    outside = (t for t in model.instance.tranches if (t.region, t.programme) not in inside)
    general = model.money(outside) + model.fixed_costs()
    set_aside = sum(group.own_budget or 0.0 for group in funded)
    model.row(general + lpSum(taken) <= model.budget - set_aside, "general")


def _money(model: Model, group: Group) -> LpAffineExpression:
    return model.money(t for t in model.instance.tranches if (t.region, t.programme) in group.programmes)


def _limits(model: Model, group: Group) -> None:
    money, limit = _money(model, group), group.limit
    if limit.floor_fixed is not None:
        model.row(money >= limit.floor_fixed, "group_floor", group.id)
    if limit.floor_share is not None:
        model.row(money >= limit.floor_share * model.budget, "group_floor_share", group.id)
    if limit.ceiling_fixed is not None:
        model.row(money <= limit.ceiling_fixed, "group_ceiling", group.id)
    if limit.ceiling_share is not None:
        model.row(money <= limit.ceiling_share * model.budget, "group_ceiling_share", group.id)
