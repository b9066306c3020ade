"""From what the case file says to every number the linear program needs, each with its source and standing.

Paths:  targets.<metric>.<region> · returns.<metric>.<region>.<programme>.<tranche> ·
widths.<region>.<programme>.<tranche> · reference.<region> · population.<region>
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from regionopt.case.patches import Change
from regionopt.case.stated import Context, Numbers
from regionopt.case.tables import Record
from regionopt.common.document import Standing, weakest
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.common.instance import METRICS
from regionopt.common.quantity import Quantity

PER_UNIT = {"output": "output_per_unit", "jobs": "jobs_per_unit"}


@dataclass(frozen=True)
class Resolved:
    """A case with every number: what the file says, what was computed, what overrides changed, what is wrong.

    A number that has a problem may be nan or out of its range.
    """

    context: Context
    stated: Numbers
    computed: Numbers
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def numbers(self) -> Numbers:
        """Every number of the case by path."""
        return {**self.stated, **self.computed}


def computed_numbers(context: Context, stated: Numbers) -> tuple[Numbers, list[Problem]]:
    """Targets, widths, returns, reference plan and population: in fixed order, by path; and what is wrong."""
    numbers: Numbers = {}
    problems: list[Problem] = []
    for part in (_targets, _coefficients, _reference, _population):
        try:
            numbers.update(part(context, stated))
        except InputError as error:
            problems += error.problems
    return numbers, problems


def shares(context: Context, statistic: str, place: str) -> dict[str, Quantity]:
    """Each region's share of a county statistic, or equal shares."""
    regions = context.sources.regions
    if statistic == "equal":
        source = f"equal split over {len(regions)} regions"
        one = Quantity(1 / len(regions), "1", source, "", Standing.ASSUMPTION, place)
        return {region.id: one for region in regions}
    statistics = context.sources.statistics
    if statistic not in statistics.by:
        known = {"nearest": nearest(statistic, ("equal", *statistics.by))}
        raise InputError([Problem("unknown_statistic", place, statistic, known)])
    totals = {region.id: statistics.total(statistic, region) for region in regions}
    missing = [r for r in regions if totals[r.id] is None]
    if missing:
        raise InputError(
            [Problem("statistic_missing", place, statistic, {"region": region.id}) for region in missing]
        )
    found = {region: total for region, total in totals.items() if total is not None}
    whole = sum(total.value for total in found.values())
    if not whole:
        raise InputError([Problem("statistic_zero", place, statistic)])
    return {region: _derived(total.value / whole, "1", total.source, total) for region, total in found.items()}


def _targets(context: Context, stated: Numbers) -> Iterator[tuple[str, Quantity]]:
    if (own := context.sources.targets) is not None:
        for record in own.records:
            unit = context.unit(record["metric"])
            yield from _named(f"targets.{record['metric']}.{record['region']}", record.quantity("target", unit))
        return
    for metric in METRICS:
        section, total = getattr(context.document.targets, metric), stated.get(f"targets.{metric}.total")
        if section is None or total is None:
            continue
        split = section.split or "equal"
        for region, share in shares(context, split, f"{context.file}: targets.{metric}.split").items():
            source = f"{total.source} × share of {split} ({share.source})"
            yield (
                f"targets.{metric}.{region}",
                _derived(total.value * share.value, context.unit(metric), source, total, share),
            )


def _coefficients(context: Context, stated: Numbers) -> Iterator[tuple[str, Quantity]]:
    own = context.sources.coefficients
    if own is None:
        yield from _once(context, stated).items()
        return
    for record in own.records:
        key = f"{record['region']}.{record['programme']}.{record['tranche']}"
        yield from _named(f"widths.{key}", record.quantity("width", context.currency))
        for metric in METRICS:
            unit = context.return_unit(metric)
            yield from _named(f"returns.{metric}.{key}", record.quantity(PER_UNIT[metric], unit))


def _once(context: Context, stated: Numbers) -> Numbers:
    """What is generated, kept with the tables: whoever reads a case again changes mostly other numbers."""
    used = (item for item in stated.items() if item[0] == "budget.reference" or item[0].startswith("returns."))
    key, known = (context.file, context.currency, *used), context.sources.generated
    if key not in known:
        found = dict(_generated(context, stated))
        known.clear()
        known[key] = found
    return known[key]


def _generated(context: Context, stated: Numbers) -> Iterator[tuple[str, Quantity]]:
    """Widths from the reference budget, returns from the sectors: formulas of the built-in case.

    w[p,k] = width factor k · reference budget · share of the region / its number of programmes
    e[m,p,k] = level m · return factor k · (sector's value / mean over the programmes)
    """
    programmes, sectors = context.sources.programmes, context.sources.sectors
    _check_generator(context, stated, programmes, sectors)
    widths, factors = (_listed(stated, f"returns.tranche_{kind}") for kind in ("widths", "factors"))
    base, part = stated["budget.reference"], shares(context, "employed_residents", f"{context.file}: returns")
    count = {p["region"]: sum(q["region"] == p["region"] for q in programmes) for p in programmes}
    variation = {metric: _variation(metric, programmes, sectors) for metric in METRICS}
    for programme in programmes:
        region, key = programme["region"], f"{programme['region']}.{programme['programme']}"
        equal_part = base.value * part[region].value / count[region]
        for k, (width, factor) in enumerate(zip(widths, factors, strict=True), 1):
            source = f"{width.value:g} × equal part of the region's share of the reference budget; {width.source}"
            yield (
                f"widths.{key}.{k}",
                _derived(width.value * equal_part, context.currency, source, width, base, part[region]),
            )
            for metric in METRICS:
                level, sector = stated[f"returns.level.{metric}"], sectors[programme["sector"]]
                source = f"{level.source} × sector {programme['sector']} ({sector['source']}) × {factor.source}"
                standing = Quantity(0, "", "", "", _standing(programme), "")
                yield f"returns.{metric}.{key}.{k}", _derived(
                    level.value * variation[metric][programme["sector"]] * factor.value,
                    context.return_unit(metric), source, level, factor, standing,
                )  # fmt: skip


def _standing(record: Record) -> Standing:
    return Standing(record["status"] or Standing.ASSUMPTION)


def _variation(metric: str, programmes: Sequence[Record], sectors: Mapping[str, Record]) -> dict[str, float]:
    """A sector's multiplier (jobs per output) divided by its mean over the programmes."""
    column = {"output": "output_multiplier", "jobs": "jobs_per_output"}[metric]
    mean = sum(sectors[p["sector"]][column] for p in programmes) / len(programmes)
    return {name: sector[column] / mean for name, sector in sectors.items()}


def _check_generator(
    context: Context, stated: Numbers, programmes: Sequence[Record], sectors: Mapping[str, Record]
) -> None:
    """Everything the formulas need is there."""
    needed = ["budget.reference", *(f"returns.level.{metric}" for metric in METRICS)]
    problems = [Problem("number_missing", f"{context.file}: {path}") for path in needed if path not in stated]
    widths, factors = (_listed(stated, f"returns.tranche_{kind}") for kind in ("widths", "factors"))
    if not widths or len(widths) != len(factors):
        facts = {"widths": len(widths), "factors": len(factors)}
        problems.append(Problem("tranche_lists", f"{context.file}: returns", None, facts))
    regions = {region.id for region in context.sources.regions}
    for record in programmes:
        if record["sector"] not in sectors:
            known = {"nearest": nearest(str(record["sector"]), sectors)}
            problems.append(Problem("unknown_sector", f"{record.place}, sector", record["sector"], known))
        if record["region"] not in regions:
            known = {"nearest": nearest(record["region"], regions)}
            problems.append(Problem("unknown_region", f"{record.place}, region", record["region"], known))
    refuse(problems)


def _listed(stated: Numbers, path: str) -> list[Quantity]:
    return [quantity for name, quantity in stated.items() if name.startswith(f"{path}.")]


def _reference(context: Context, stated: Numbers) -> Iterator[tuple[str, Quantity]]:
    """The plan that `nearest_reference` stays near: pro rata to the budget, or the table's own amounts.

    Where no stage asks for it, it may be missing.
    """
    rule, budget = context.document.objective.reference, stated["budget.total"]
    asked = "nearest_reference" in context.document.objective.stages
    if rule == "table":
        regions = context.sources.regions
        missing = [region for region in regions if region.reference is None] if asked else []
        refuse(Problem("number_missing", f"{region.place}, reference") for region in missing)
        for region in regions:
            yield from _named(f"reference.{region.id}", region.reference)
        return
    try:
        pro_rata = shares(context, rule, f"{context.file}: objective.reference")
    except InputError:
        if asked:
            raise
        return
    for region_id, share in pro_rata.items():
        source = f"budget pro rata to {rule}: {share.source}"
        yield (
            f"reference.{region_id}",
            _derived(budget.value * share.value, context.currency, source, share, budget),
        )


def _population(context: Context, _: Numbers) -> Iterator[tuple[str, Quantity]]:
    """Residents of each region, from its own table or from the counties."""
    for region in context.sources.regions:
        people = region.population or context.sources.statistics.total("population", region)
        yield from _named(f"population.{region.id}", people)


def _named(path: str, quantity: Quantity | None) -> Iterator[tuple[str, Quantity]]:
    if quantity is not None:
        yield path, quantity


def _derived(value: float, unit: str, source: str, *inputs: Quantity) -> Quantity:
    """A computed number: never firmer than the weakest it was computed from."""
    standing = weakest({Standing.DERIVED, *(item.status for item in inputs)})
    return Quantity(value, unit, source, inputs[0].date, standing, "computed")
