"""The plan that lies farthest from given plans, among all plans within a tolerance.

Distance is money: Σ_r |X[r] - Y[r]| over the regions (or the programmes) that can move. Largest is the distance to
the nearest of the given plans Y[i]:

    max z     apart[i]      z ≤ Σ_r (more[i,r] + less[i,r])
              from[i,r]     X[r] - more[i,r] + less[i,r] = Y[i,r]
              up[i,r]       more[i,r] ≤ (most[r] - Y[i,r]) · side[i,r]              side ∈ {0, 1}
              down[i,r]     less[i,r] ≤ (Y[i,r] - least[r]) · (1 - side[i,r])

with the ends of the region's band as its least and most. Once the sides are chosen it is a linear program, proven in
fractions: that the plan is within the tolerance, and as far away as these sides allow; that no other sides lead
further is HiGHS's word. Among plans equally far, the stages of the case decide, then the fixed rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from pulp import LpAffineExpression, LpInteger, lpSum

from regionopt.common.document import Certificate, Status
from regionopt.common.errors import Problem, ToolError
from regionopt.explain.bands import Band
from regionopt.explain.near import near
from regionopt.explain.warm import Loaded, load
from regionopt.model.core import Model, Stage
from regionopt.model.program import Basis, Program
from regionopt.model.translate import plain, to_costs
from regionopt.result.result import Result
from regionopt.solve.optimum import Optimum, optimal_face, optimise
from regionopt.solve.plan import Plan
from regionopt.solve.solve import Trail, proven
from regionopt.solve.steps import Solved, StageValue
from regionopt.solve.ties import written_order
from regionopt.solve.whole import Choice, choose, with_numbers

# Plans that differ by less than this part of the budget are one plan.
APART = Fraction(1, 10**6)
# With more sides to choose than this, branching takes long: the sides of an extreme plan are taken as they are.
MOST_SIDES = 40

Place = tuple[str, str]


@dataclass(frozen=True)
class Farthest:
    """A plan, the value of every stage in its own sense, its distance from the nearest given plan, its proof in short
    and as a whole."""

    plan: Plan
    values: Mapping[str, Fraction]
    distance: Fraction
    proof: Certificate
    trail: Trail


def amount(plan: Plan, place: Place) -> Fraction:
    """What a region (`programme` empty) or a programme gets in a plan."""
    region, programme = place
    if not programme:
        return plan.allocated[region]
    return sum((x for key, x in plan.spend.items() if key[:2] == place), Fraction(0))


def distance(places: Sequence[Place], one: Plan, other: Plan) -> Fraction:
    """The money that goes elsewhere: the sum of absolute differences over the places."""
    return sum((abs(amount(one, place) - amount(other, place)) for place in places), Fraction(0))


def farthest(result: Result, tolerance: float, ends: Sequence[Band], before: Sequence[Plan]) -> Farthest | None:
    """The plan farthest from all those of `before`, None when there is no other; `ends` are what can move."""
    loaded = load(result, partial(_apart, ends=ends, before=before))
    program = near(loaded, result, tolerance)
    costs = [0.0] * len(program.columns)
    costs[loaded.position["further"]] = -1.0
    sides = frozenset(j for name, j in loaded.position.items() if name.startswith("side["))
    choice: Choice | Status | None = None
    if len(sides) <= MOST_SIDES:
        with suppress(ToolError):
            choice = choose(loaded.engine, replace(program, integers=sides), "further", tuple(costs), None, None)
    if choice is None or isinstance(choice, Status):
        # Branching in floating point can lose a program with hardly any room: there is a plan, so there are sides.
        fixed = with_numbers(program, _extreme_sides(loaded, program, ends, before))
        best = _optimum(loaded, fixed, "further", tuple(costs))
    else:
        fixed, best = choice.program, choice.optimum
    if -best.value <= APART * Fraction(result.case.instance.budget):
        return None
    return _settled(loaded, fixed, best, ends, before)


def _apart(model: Model, ends: Sequence[Band], before: Sequence[Plan]) -> None:
    """The columns and rows that measure how far a plan is from each of those before it."""
    further = model.column("further")
    for i, other in enumerate(before):
        apart = []
        for band in ends:
            place = (band.region, band.programme)
            own, name = amount(other, place), (str(i), *filter(None, place))
            slack = float(APART) * model.instance.budget / 1000  # the amounts are rounded in these rows
            room = [float(end) + slack for end in (band.maximum - own, own - band.minimum)]
            more, less = (
                model.column(kind, *name, upper=end) for kind, end in zip(("more", "less"), room, strict=True)
            )
            side = model.column("side", *name, upper=1, kind=LpInteger)
            model.row(_money(model, place) - more + less == float(own), "from", *name)
            model.row(more <= room[0] * side + slack, "up", *name)
            model.row(less <= room[1] * (1 - side) + slack, "down", *name)
            apart += [more, less]
        model.row(further <= lpSum(apart), "apart", str(i))


def _money(model: Model, place: Place) -> LpAffineExpression:
    if not place[1]:
        return model.allocation(place[0])
    return model.money(t for t in model.instance.tranches if (t.region, t.programme) == place)


def _extreme_sides(
    loaded: Loaded, program: Program, ends: Sequence[Band], before: Sequence[Plan]
) -> dict[int, float]:
    """The sides of that plan, among those with the least or the most of one place, which is farthest from all."""
    places = [(band.region, band.programme) for band in ends]
    best: tuple[Fraction, Plan] | None = None
    for place in places:
        for sense in (1, -1):
            costs = to_costs(loaded.model.problem, Stage("extreme", sense, _money(loaded.model, place)))
            plan = loaded.plan(_optimum(loaded, _loose(program), "extreme", costs))
            apart = min(distance(places, plan, other) for other in before)
            if best is None or apart > best[0]:
                best = apart, plan
    assert best is not None
    return {
        loaded.position[plain(f"side({','.join((str(i), *filter(None, place)))})")]: float(
            amount(best[1], place) >= amount(other, place)
        )
        for i, other in enumerate(before)
        for place in places
    }


def _loose(program: Program) -> Program:
    """The program with sides that need not be whole: they then limit nothing but the distance."""
    return replace(program, integers=frozenset())


def _settled(
    loaded: Loaded, program: Program, best: Optimum, ends: Sequence[Band], before: Sequence[Plan]
) -> Farthest:
    """Among plans equally far away: the best in the order of the stages, then by the fixed rule."""
    done = [Solved(StageValue("further", -best.value, None), program, best, best.proof)]
    for stage in loaded.model.stages:
        face = optimal_face(done[-1].program, done[-1].optimum)
        found = _optimum(loaded, face, stage.name, loaded.stage_costs[stage.name], done[-1].optimum.basis)
        done.append(Solved(StageValue(stage.name, stage.sense * found.value, None), face, found, found.proof))
    order = tuple(written_order(loaded.engine, done[-1].program, loaded.spend, done[-1].optimum))
    plan = loaded.plan(order[-1] if order else done[-1].optimum)
    places = [(band.region, band.programme) for band in ends]
    apart = min(distance(places, plan, other) for other in before)
    proof = proven([*(one.proof for one in done), *(optimum.proof for optimum in order)])
    trail = Trail(program, (-1, *(stage.sense for stage in loaded.model.stages)), tuple(done), order)
    return Farthest(plan, {one.stage.name: one.stage.value for one in done[1:]}, apart, proof, trail)


def _optimum(
    loaded: Loaded, program: Program, name: str, costs: tuple[float, ...], start: Basis | None = None
) -> Optimum:
    found = optimise(loaded.engine, program, name, costs, start)
    if isinstance(found, Status):
        raise ToolError([Problem("solver_failed", loaded.engine.name, found.value)])
    return found
