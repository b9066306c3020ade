"""Everything that explains a plan, computed once: prices, what binds, bands, benchmark plans, importance, fairness.

Prices, bindings and curves follow the plan along a number. They hold for linear programs that give nothing away from
stage to stage; for a case with whole numbers, or one that gives something away, they are left out and this is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.document import Status
from regionopt.common.instance import Instance
from regionopt.common.units import scale
from regionopt.doctor.levers import levers
from regionopt.explain.bands import Band, band_rows, bands
from regionopt.explain.binding import Binding, binding, binding_rows
from regionopt.explain.fairness import Curve, curve_rows, curves
from regionopt.explain.further import Along, next_rows
from regionopt.explain.importance import Loss, importance, importance_rows
from regionopt.explain.prices import Price, price_rows, prices
from regionopt.explain.quantities import quantities
from regionopt.explain.rivals import Rival, rival_rows, rivals
from regionopt.explain.warm import load
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import to_program
from regionopt.result.outputs import to_csv
from regionopt.result.result import Result, Row
from regionopt.solve.ordered import in_units, ranks, vertex
from regionopt.solve.solvers import ENGINES

TOLERANCES = (0.0, 0.01, 0.02)


@dataclass(frozen=True)
class Explanation:
    """What explains the plan of `result`; `along` is None where the plan cannot be followed."""

    result: Result
    along: Along | None
    prices: tuple[Price, ...]
    binding: tuple[Binding, ...]
    bands: tuple[Band, ...]
    rivals: tuple[Rival, ...]
    losses: tuple[Loss, ...]
    curves: tuple[Curve, ...]


def explain(result: Result, tolerances: Sequence[float] = TOLERANCES) -> Explanation:
    """Explain a plan; `tolerances` (0 to 1) are those of the bands. Without a plan there is nothing to explain."""
    along = follow(result)
    found = () if along is None else tuple(prices(along.vertex, along.levers, along.told))
    held: Sequence[Binding] = ()
    dials: tuple[Curve, ...] = ()
    if along is not None:
        held = binding(along.vertex, found, along.told, along.tranches, result.case.resolved.context.currency)
        dials = tuple(curves(ENGINES["highs"](), result.case.instance, heads(result), along.vertex, along.told))
    loaded = None if result.plan is None else load(result)
    return Explanation(
        result, along, found, tuple(held), bands(result, tolerances, loaded), rivals(result),
        importance(result, loaded), dials,
    )  # fmt: skip


def follow(result: Result) -> Along | None:
    """The plan as a vertex; None for whole numbers, and where stages give something away."""
    instance = result.case.instance
    if result.status is not Status.OPTIMAL or instance.platforms or instance.measures or instance.give_away:
        return None
    model, program = build(instance), program_of(instance)
    found = vertex(ENGINES["highs"](), program, ranks(model, program, model.stages))
    if isinstance(found, Status):
        return None
    position = {name: j for j, name in enumerate(program.columns)}
    tranches = {position[f"spend[{','.join(map(str, t.key))}]"]: t for t in instance.tranches}
    return Along(found, levers(result.case, program, program_of), quantities(model), tranches)


def program_of(instance: Instance) -> Program:
    """The program of a case with its targets in their own units."""
    return in_units(to_program(build(instance).problem), instance)


def heads(result: Result) -> dict[str, float]:
    """People of every region in units of the currency's scale; empty where not all are known."""
    computed, regions = result.case.resolved.computed, result.case.instance.regions
    unit = scale(result.case.resolved.context.currency)
    known = {region: computed.get(f"population.{region}") for region in regions}
    return {r: people.value / unit for r, people in known.items() if people} if all(known.values()) else {}


def rows(found: Explanation) -> dict[str, list[Row]]:
    """Every table, by the name of its file; a table without rows is left out."""
    currency = found.result.case.resolved.context.currency
    told = found.along.told if found.along else ()
    made: dict[str, Iterable[Row]] = {
        "prices.csv": price_rows(found.prices, currency),
        "binding.csv": binding_rows(found.binding, told),
        "next.csv": next_rows(found.along, found.result.case.instance.regions),
        "bands.csv": band_rows(found.bands),
        "benchmarks.csv": rival_rows(found.result, found.rivals),
        "importance.csv": importance_rows(found.losses),
        "fairness.csv": curve_rows(found.curves),
    }
    return {name: listed for name, table in made.items() if (listed := list(table))}


def tables(found: Explanation) -> dict[str, bytes]:
    """Every table as CSV, by file name."""
    return {name: to_csv(table) for name, table in rows(found).items()}


def plain(found: Explanation) -> dict[str, list[Row]]:
    """Every table as lists for JSON, exact fractions as floats, by the table's name."""
    return {
        name.removesuffix(".csv"): [
            {key: float(value) if isinstance(value, Fraction) else value for key, value in row.items()}
            for row in table
        ]
        for name, table in rows(found).items()
    }
