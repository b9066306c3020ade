"""The rows of the program that the tables give, derived from them a second time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from regionopt.proof.proofs import RowText
from regionopt.verify.read import Folder, amount
from regionopt.verify.sums import Sums, Terms, add, clean


def expected_rows(folder: Folder, sums: Sums) -> Iterator[RowText]:
    """Every row that follows from the tables."""
    stages = {step.name.partition("[")[0] for step in folder.proof.plan.steps}
    names = {row.name for row in folder.proof.plan.program.rows}
    yield from _targets(sums)
    yield from _limits(folder, sums)
    yield from _groups(folder, sums)
    yield from _platforms(folder, sums)
    yield from _years(folder, sums) if sums.reading.years else _budget(folder, sums)
    shown = _shown(stages, names)
    yield from (found for found in _stages(folder, sums) if found.name.partition("[")[0] in shown)


def _shown(stages: set[str], names: set[str]) -> set[str]:
    """Kinds of rows of the stages. Without a plan no stage is told: what is there must be right all the same."""
    kinds = {"worst_shortfall": ("worst",), "leximin": ("excess",), "nearest_reference": ("above", "below")}
    shown = {kind for stage in stages for kind in kinds.get(stage, ())}
    return shown if stages else {name.partition("[")[0] for name in names}


def row(name: str, terms: Mapping[str, Fraction], lower: float | None = None, upper: float | None = None) -> RowText:
    """A row of exact terms, as text."""
    return RowText(name=name, terms={c: float(a) for c, a in terms.items() if a}, lower=lower, upper=upper)


def _budget(folder: Folder, sums: Sums) -> Iterator[RowText]:
    yield row("budget", sums.spent(), upper=folder.result.budget.total)


def _targets(sums: Sums) -> Iterator[RowText]:
    for key, given in sums.targets:
        name, target = ",".join(key), Fraction(amount(given["target"], "targets.csv"))
        terms = {column: a / target for column, a in sums.reached(key, given).items()}
        yield row(f"reach[{name}]", terms | {f"shortfall[{name}]": Fraction(1)}, lower=1.0)


def _stages(folder: Folder, sums: Sums) -> Iterator[RowText]:
    one = Fraction(1)
    for key, _ in sums.targets:
        name = ",".join(key)
        short = {f"shortfall[{name}]": -one}
        yield row(f"worst[{name}]", {"worst_shortfall": one, **short}, lower=0.0)
        for n in range(1, len(sums.targets) + 1):
            yield row(f"excess[{n},{name}]", {f"excess[{n},{name}]": one, f"level[{n}]": one, **short}, lower=0.0)
    for region in folder.result.regions:
        terms, distance = sums.allocated(region.id), {f"distance[{region.id}]": one}
        reference = region.reference or 0.0
        yield row(f"above[{region.id}]", {c: -a for c, a in terms.items()} | distance, lower=-reference)
        yield row(f"below[{region.id}]", terms | distance, lower=reference)


def _limits(folder: Folder, sums: Sums) -> Iterator[RowText]:
    for given in folder.table("limits.csv"):
        terms = sums.allocated(given["region"])
        limits = (given["floor"], given["ceiling"])
        lower, upper = (amount(cell, "limits.csv") if cell else None for cell in limits)
        yield from _of_limit(folder, ("floor", "ceiling"), given["region"], terms, (lower, upper))


def _groups(folder: Folder, sums: Sums) -> Iterator[RowText]:
    for group in folder.result.groups or ():
        kinds = ("group_floor", "group_ceiling")
        yield from _of_limit(folder, kinds, group.id, sums.group(group.id), (group.floor, group.ceiling))


def _of_limit(
    folder: Folder, kinds: tuple[str, str], name: str, terms: Terms, limits: tuple[float | None, float | None]
) -> Iterator[RowText]:
    """The rows of a floor and of a ceiling: a fixed one and a share; the tighter is the limit that is written."""
    written = {r.name: r for r in folder.proof.plan.program.rows}
    for kind, limit, side in zip(kinds, limits, ("lower", "upper"), strict=True):
        own = [written[n] for n in (f"{kind}[{name}]", f"{kind}_share[{name}]") if n in written]
        bounds = [bound for r in own if (bound := getattr(r, side)) is not None]
        tight = max(bounds, default=None) if side == "lower" else min(bounds, default=None)
        for r in own:
            bound = limit if getattr(r, side) == tight else getattr(r, side)
            yield row(r.name, terms, **{side: bound})
        if limit is not None and not own:
            yield row(f"{kind}[{name}]", terms, **{side: limit})


def _platforms(folder: Folder, sums: Sums) -> Iterator[RowText]:
    one = Fraction(1)
    names = {r.name for r in folder.proof.plan.program.rows}
    for platform in folder.result.platforms or ():
        for t in sums.tranches:
            width = {f"open[{platform.id}]": -Fraction(t.width)}
            key = f"{platform.id},{t.key}"
            if f"unlock[{key}]" in names:
                yield row(f"unlock[{key}]", {t.column: one, **width}, upper=0.0)
            if f"raised[{key}]" in sums.columns:
                yield row(f"raise[{key}]", {f"raised[{key}]": one, **width}, upper=0.0)
                yield row(f"within[{key}]", {f"raised[{key}]": one, t.column: -one}, upper=0.0)


def _years(folder: Folder, sums: Sums) -> Iterator[RowText]:
    """The money of every year. The envelopes stand in the program alone; with a plan `periods` tells them too."""
    years, written = sums.reading.years, {r.name: r for r in folder.proof.plan.program.rows}
    steady = {column: a / len(years) for column, a in sums.fixed_costs().items()}
    kind = "balance" if any(f"balance[{year}]" in written for year in years) else "budget"
    for before, year in zip(("", *years), years, strict=False):
        terms = sums.money(t for t in sums.tranches if t.period == year) | steady
        found = written.get(f"{kind}[{year}]")
        upper = found.upper if found else None
        if kind == "balance":
            terms[f"unspent[{year}]"] = Fraction(1)
            if before:
                terms[f"unspent[{before}]"] = (
                    Fraction(found.terms.get(f"unspent[{before}]", 0.0)) if found else Fraction(0)
                )
        yield row(f"{kind}[{year}]", clean(terms), upper if kind == "balance" else None, upper)
    yield from _counted(sums)


def _counted(sums: Sums) -> Iterator[RowText]:
    """What each year's money brings, and what of it counts at the end of some years."""
    for column in sums.columns:
        kind, _, rest = column.partition("[")
        if kind == "arising":
            metric, region, year = rest.rstrip("]").split(",")
            terms = sums.brought(metric, (t for t in sums.tranches if (t.region, t.period) == (region, year)))
            yield row(column, terms | {column: Fraction(-1)}, 0.0, 0.0)
        elif kind == "counted":
            metric, region, until = rest.rstrip("]").split(",")
            total: Terms = {column: Fraction(-1)}
            for year in sums.reading.years:
                if (arising := f"arising[{metric},{region},{year}]") in sums.columns:
                    add(total, {arising: sums.survived(year, until)})
            yield row(column, clean(total), 0.0, 0.0)
