"""Reads the case again, where its files are found, and holds the result against it.

Hashes show that the inputs are the files that were read; this shows that the result's numbers are theirs: whoever
solves another case and calls it this one is found out. Rows that the tables say nothing about are left aside, but for
the planner's own rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from regionopt.case.case import Case, load
from regionopt.case.changes import change_rows
from regionopt.common.errors import InputError
from regionopt.common.instance import METRICS, Instance
from regionopt.proof.reading import reading
from regionopt.verify.alternative import FURTHER, scenario_of
from regionopt.verify.check import Check, Fault, check, same
from regionopt.verify.program import equal_rows
from regionopt.verify.read import Folder, number
from regionopt.verify.rows import row
from regionopt.verify.sums import Sums, add, clean


def case_check(folder: Folder, sums: Sums, path: Path | None) -> Check:
    """Whether the case gives these numbers; not checked where its files are not found or are others now."""
    case = None if path is None else case_again(folder, path)
    if case is None:
        return Check("case", folder.result.scenario, None)
    found = check("case", folder.result.scenario, _differences(folder, sums, case))
    # The name of a result does not tell every value of a `--set` (lists, texts): that may be why numbers differ.
    return Check("case", folder.result.scenario, None) if "~" in scenario_of(folder) and not found.ok else found


def case_again(folder: Folder, path: Path) -> Case | None:
    """The case as the result names it; None where it cannot be read or was read from other files."""
    scenario, *sets = scenario_of(folder).split("~")
    try:
        case = load(path, scenario.replace("+", ","), sets)
        return case if case.inputs == folder.proof.inputs and case.instance else None
    except InputError:
        return None


def _differences(folder: Folder, sums: Sums, case: Case) -> Iterator[Fault | None]:
    instance = case.instance
    yield same("budget", folder.result.budget.total, instance.budget)
    yield same("weights", folder.result.provenance.weights, dict(instance.weights))
    yield same("reading", sums.reading.model_copy(update={"within": None}), reading(instance))
    names = [step.name for step in folder.proof.plan.steps if step.kind == "stage" and step.name != FURTHER]
    stages = dict.fromkeys(name.partition("[")[0] for name in names)
    if stages:
        yield same("stages", list(stages), [s for s in instance.stages if s != "leximin" or instance.targets])
    given = [
        (",".join(map(str, t.key)), t.width, {m: Fraction(t.returns[m]) for m in METRICS}) for t in instance.tranches
    ]
    yield from _listed("coefficients.csv", [(t.key, t.width, dict(t.returns)) for t in sums.tranches], given)
    yield from _listed(
        "targets.csv",
        [(key, number(cells["target"], "targets.csv"), cells["must"]) for key, cells in sums.targets],
        [(t.key, Fraction(str(t.target)), str(t.must).lower()) for t in instance.targets],
    )
    limits = {limit.region: limit for limit in instance.limits}
    for region in folder.result.regions:
        limit = limits.get(region.id)
        yield same(f"{region.id}, floor", region.floor, limit.floor(instance.budget) if limit else None)
        yield same(f"{region.id}, ceiling", region.ceiling, limit.ceiling(instance.budget) if limit else None)
    platforms = [(p.id, p.region, p.cost, p.required) for p in instance.platforms]
    measures = [(m.id, m.cost, m.minimum) for m in instance.measures]
    result = folder.result
    yield same("platforms", [(p.id, p.region, p.cost, p.required) for p in result.platforms or ()], platforms)
    yield same("measures", [(m.id, m.cost, m.minimum) for m in result.measures or ()], measures)
    yield from _rules(folder, instance)
    yield from _changed(folder, case)


def _listed(name: str, written: Sequence[object], given: Sequence[object]) -> Iterator[Fault | None]:
    """Rows of a table, one after another."""
    yield same(f"{name} rows", len(written), len(given))
    yield from (same(name, own, other) for own, other in zip(written, given, strict=False))


def _changed(folder: Folder, case: Case) -> Iterator[Fault | None]:
    """`changes.csv` tells what the scenario changed; a case that changed nothing has no such file."""
    told = folder.table("changes.csv") if "changes.csv" in folder.content else []
    columns = ("path", "old", "new", "unit", "source", "by")
    written = [tuple(row.get(column) for column in columns) for row in told]
    given = [tuple(_cell(row[column]) for column in columns) for row in change_rows(case.resolved)]
    yield from _listed("changes.csv", written, given)


def _cell(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _rules(folder: Folder, instance: Instance) -> Iterator[Fault | None]:
    """The planner's own rules are in the program as the case says them, and no other."""
    written = {r.name: r for r in folder.proof.plan.program.rows if r.name.startswith("rule[")}
    for rule in instance.rules:
        terms: dict[str, Fraction] = {}
        for coefficient, keys in rule.terms:
            for key in keys:
                add(terms, {f"spend[{','.join(map(str, key))}]": Fraction(coefficient)})
        lower = rule.value if rule.sense in (">=", "=") else None
        upper = rule.value if rule.sense in ("<=", "=") else None
        found = written.pop(f"rule[{rule.id}]", None)
        expected = row(f"rule[{rule.id}]", clean(terms), lower, upper)
        yield from equal_rows(found, expected) if found else [Fault(expected.name, "–", expected.name)]
    yield from (Fault(name, name, "–") for name in written)
