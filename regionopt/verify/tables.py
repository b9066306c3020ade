"""The arithmetic of every table: each number again, from the proven plan and from what the solver was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from regionopt.common.decimals import HEAD, JOBS, MET, MONEY, RATIO, stage_unit
from regionopt.common.document import RegionResult, weakest
from regionopt.common.units import scale
from regionopt.proof.proofs import Evidence
from regionopt.verify.alternative import FURTHER, is_alternative
from regionopt.verify.check import Check, Fault, check, near, rounds, same
from regionopt.verify.read import Folder, number
from regionopt.verify.sums import PER_UNIT, Sums, Terms, value

Plan = Mapping[str, Fraction]


def table_checks(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Check]:
    """Every table and every part of `result.json`; `x` is the proven plan, None where there is none."""
    if x is not None:
        yield check("allocation", "allocation.csv", _allocation(folder, sums, x))
    yield check("targets", "targets.csv", _targets(sums, x))
    yield check("regions", "result.json", _regions(folder, sums, x))
    yield check("budget", "result.json", _budget(folder, sums, x))
    yield check("stages", "result.json", _stages(folder))
    yield check("facts", "result.json", _facts(folder))
    result = folder.result
    if result.targets is not None:
        yield check("other_targets", "result.json", _others(folder, sums, x))
    if result.groups is not None:
        yield check("groups", "result.json", _groups(folder, sums, x))
    if sums.reading.years:
        yield check("periods", "result.json", _periods(folder, sums, x))
    if result.platforms is not None or result.measures is not None:
        yield check("whole", "result.json", _whole(folder, x))


def _allocation(folder: Folder, sums: Sums, x: Plan) -> Iterator[Fault | None]:
    """Each tranche's money, and its output and jobs as returns times money; then platforms and measures."""
    rows = folder.table("allocation.csv")
    expected: list[tuple[str, Fraction, dict[str, Fraction]]] = []
    for t in sums.tranches:
        gains = {m: value(sums.brought(m, [t], ""), x) for m in PER_UNIT}
        expected.append((t.key, x.get(t.column, Fraction(0)), gains))
    year = [""] if sums.reading.years else []
    nothing = dict.fromkeys(PER_UNIT, Fraction(0))
    for p in folder.result.platforms or ():
        money = Fraction(p.cost) * bool(p.opened)
        expected.append((",".join([p.region, p.id, "0", *year]), money, nothing))
    for m in folder.result.measures or ():
        expected.append((",".join(["", m.id, "0", *year]), Fraction(m.cost) * (m.count or 0), nothing))
    yield same("rows", len(rows), len(expected))
    for row, (key, money, gains) in zip(rows, expected, strict=False):
        columns = ("region", "programme", "tranche", "period")
        yield same("key", ",".join(row[name] for name in columns if name in row), key)
        yield _cell(row, key, "budget", money, MONEY)
        yield _cell(row, key, "output", gains["output"], MONEY)
        yield _cell(row, key, "jobs", gains["jobs"], JOBS)


def _cell(row: Mapping[str, str], place: str, name: str, expected: Fraction | None, decimals: int) -> Fault | None:
    found = row.get(name)
    if found is None:
        return Fault(f"{place}, {name}", "–", name)
    return rounds(f"{place}, {name}", number(found, place), expected, decimals)


def _targets(sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    """What is reached, what is missing, and whether that is nothing."""
    for key, row in sums.targets:
        place, target = ",".join(key), number(row["target"], "targets.csv") or Fraction(0)
        yield same(f"{place}, must", row.get("must") in ("true", "false"), True)
        reached, short = (None, None) if x is None else _reached(sums, key, row, x, target)
        yield _cell(row, place, "reached", reached, MONEY)
        yield _cell(row, place, "absolute_shortfall", None if short is None else short * target, MONEY)
        yield _cell(row, place, "relative_shortfall", short, RATIO)
        yield same(f"{place}, met", row.get("met"), "" if short is None else str(short <= MET).lower())


def _reached(
    sums: Sums, key: tuple[str, ...], row: Mapping[str, str], x: Plan, target: Fraction
) -> tuple[Fraction, Fraction]:
    reached = value(sums.reached(key, row), x)
    return reached, max(Fraction(0), 1 - reached / target) if target else Fraction(0)


def _regions(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    """Each region's row: sums of its tranches, shares, limits, what arises in it, money per head."""
    limits = {row["region"]: row for row in folder.table("limits.csv")}
    yield same("limits.csv", list(limits), [region.id for region in folder.result.regions])
    for region in folder.result.regions:
        spent = None if x is None else value(sums.allocated(region.id), x)
        yield from _money(folder, region, spent)
        for side in ("floor", "ceiling"):
            cell = limits.get(region.id, {}).get(side, "")
            yield near(f"{region.id}, {side}", getattr(region, side), number(cell, "limits.csv"))
        for metric, decimals in (("output", MONEY), ("jobs", JOBS)):
            gained = None if x is None else value(sums.gained(metric, region.id), x)
            yield rounds(f"{region.id}, {metric}", getattr(region, metric), gained, decimals)
            yield from _against_target(sums, region, metric, x)


def _money(folder: Folder, region: RegionResult, spent: Fraction | None) -> Iterator[Fault | None]:
    total, unit = Fraction(folder.result.budget.total), Fraction(scale(folder.result.budget.unit))
    share = None if spent is None or not total else spent / total
    yield rounds(f"{region.id}, budget", region.budget, spent, MONEY)
    yield rounds(f"{region.id}, share", region.share, share, RATIO)
    heads = None if spent is None or not region.population else spent * unit / Fraction(region.population)
    yield rounds(f"{region.id}, budget_per_head", region.budget_per_head, heads, HEAD)


def _against_target(sums: Sums, region: RegionResult, metric: str, x: Plan | None) -> Iterator[Fault | None]:
    """The target of the region's end beside what is reached of it."""
    key = (metric, region.id)
    row = next((row for own, row in sums.targets if own == key), None)
    target = number(row["target"], "targets.csv") if row else None
    yield near(f"{region.id}, {metric}_target", getattr(region, f"{metric}_target"), target)
    short = _reached(sums, key, row, x, target)[1] if row and target and x is not None else None
    yield rounds(f"{region.id}, {metric}_shortfall", getattr(region, f"{metric}_shortfall"), short, RATIO)


def _budget(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    budget = folder.result.budget
    spent = None if x is None else value(sums.spent(), x)
    yield rounds("spent", budget.spent, spent, MONEY)
    left = None if spent is None else Fraction(budget.total) - spent
    yield rounds("unspent", budget.unspent, left, MONEY)
    yield same("unspent_reason", budget.unspent_reason is not None, bool(left and round(left, MONEY) > 0))


def _stages(folder: Folder) -> Iterator[Fault | None]:
    """The stages that were proven, with their values and units."""
    proven = [step for step in folder.proof.plan.steps if step.kind == "stage" and step.name != FURTHER]
    stages = folder.result.stages
    yield same("stages", [stage.name for stage in stages], [step.name for step in proven])
    for stage, step in zip(stages, proven, strict=False):
        yield rounds(stage.name, stage.value, Fraction(step.value), RATIO)
        yield same(f"{stage.name} unit", stage.unit, stage_unit(stage.name, folder.result.budget.unit))
        yield same(f"{stage.name} unique", stage.unique is None, bool(step.numbers) or is_alternative(folder))


def _facts(folder: Folder) -> Iterator[Fault | None]:
    """The blunt facts, and what `result.json` and `certificate.json` both say."""
    result, proof = folder.result, folder.proof
    wanted = [number(row["target"], "targets.csv") for row in folder.targets if _final_output(row)]
    total = Fraction(result.budget.total)
    leverage = sum((w for w in wanted if w), Fraction(0)) / total if total else Fraction(0)
    yield rounds("implied_leverage", result.facts.implied_leverage, leverage or None, RATIO)
    yield rounds("smallest_budget", result.facts.smallest_budget, _value(proof.smallest_budget), MONEY)
    yield same("weakest_standing", result.facts.weakest_standing, weakest(set(result.provenance.standings)))
    yield same("unique", result.facts.unique, result.stages[-1].unique if result.stages else None)
    for name in ("case", "scenario", "status"):
        yield same(name, getattr(result, name), getattr(proof, name))
    yield same("inputs", result.provenance.inputs, proof.inputs)
    yield same("give_away", result.provenance.give_away, proof.reading.give_away)


def _final_output(row: Mapping[str, str]) -> bool:
    return row["metric"] == "output" and not row.get("kind") and not row.get("period")


def _value(evidence: Evidence | None) -> Fraction | None:
    return Fraction(evidence.steps[0].value) if evidence is not None and evidence.steps else None


def _others(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    """Targets beside those of the regions' end."""
    rows = [(key, row) for key, row in sums.targets if row.get("kind") or row.get("period")]
    found = folder.result.targets or ()
    yield same("targets", [(t.metric, t.region, t.kind, t.period) for t in found], [
        (row["metric"], row["region"], row.get("kind", ""), row.get("period", "")) for _, row in rows
    ])  # fmt: skip
    for told, (key, row) in zip(found, rows, strict=False):
        place, target = ",".join(key), number(row["target"], "targets.csv") or Fraction(0)
        reached, short = (None, None) if x is None else _reached(sums, key, row, x, target)
        yield near(f"{place}, target", told.target, target)
        yield rounds(f"{place}, reached", told.reached, reached, MONEY)
        yield rounds(f"{place}, shortfall", told.shortfall, short, RATIO)
        yield same(f"{place}, met", told.met, None if short is None else short <= MET)


def _groups(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    total = Fraction(folder.result.budget.total)
    groups = folder.result.groups or ()
    yield same("groups", [group.id for group in groups], list(sums.reading.groups))
    rows = {row.name: row for row in folder.proof.plan.program.rows}
    for group in groups:
        money = None if x is None else value(sums.group(group.id), x)
        yield rounds(f"{group.id}, budget", group.budget, money, MONEY)
        yield rounds(f"{group.id}, share", group.share, None if money is None else money / total, RATIO)
        own = rows.get(f"own[{group.id}]")
        yield near(f"{group.id}, own_budget", group.own_budget, None if own is None else own.upper)


def _periods(folder: Folder, sums: Sums, x: Plan | None) -> Iterator[Fault | None]:
    """Each year: its envelope and what it carried from the year before, as the program has them; spent; unspent."""
    years, told = sums.reading.years, folder.result.periods or ()
    yield same("years", [year.id for year in told], list(years) if x is not None else [])
    rows = {row.name: row for row in folder.proof.plan.program.rows}
    steady: Terms = {column: a / len(years) for column, a in sums.fixed_costs().items()}
    unspent = Fraction(0)
    for before, year in zip(("", *years), told, strict=False):
        row = rows.get(f"balance[{year.id}]", rows.get(f"budget[{year.id}]"))
        if row is None or x is None:
            yield Fault(year.id, year.id, "–")
            continue
        budget = Fraction(row.upper or 0.0)
        carried = max(Fraction(0), unspent) * -Fraction(row.terms.get(f"unspent[{before}]", 0.0))
        spent = value(sums.money(t for t in sums.tranches if t.period == year.id) | steady, x)
        unspent = budget + carried - spent
        figures = {"budget": budget, "carried": carried, "spent": spent, "unspent": unspent}
        yield from (rounds(f"{year.id}, {name}", getattr(year, name), v, MONEY) for name, v in figures.items())


def _whole(folder: Folder, x: Plan | None) -> Iterator[Fault | None]:
    """What is opened and counted is what was proven; a column that stands in no row is at its lower bound."""
    for p in folder.result.platforms or ():
        opened = None if x is None else bool(x.get(f"open[{p.id}]", Fraction(int(p.required))))
        yield same(f"{p.id}, opened", p.opened, opened)
    for m in folder.result.measures or ():
        count = None if x is None else int(x.get(f"count[{m.id}]", Fraction(m.minimum)))
        yield same(f"{m.id}, count", m.count, count)
