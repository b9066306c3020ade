"""Holds the program of a proof against the tables: a doctored program proves nothing about the result.

Columns, bounds, the rows of targets, limits, budget, years, groups and platforms, and the costs of every stage are
derived again from `coefficients.csv`, `targets.csv`, `limits.csv` and `result.json`. The tables say nothing of
a case's own rules, of its limits between regions and on absorption: those rows rest on the hash of the case file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from regionopt.proof.proofs import Evidence, RowText, Step
from regionopt.verify.alternative import COLUMNS, FURTHER, ROWS, is_alternative
from regionopt.verify.check import Check, Fault, check, near, same
from regionopt.verify.read import Folder, amount
from regionopt.verify.rows import expected_rows
from regionopt.verify.sums import Sums, Terms

# Rows that the tables say nothing about, beside those that `verify_rows` derives.
STATED = frozenset(
    {
        "execution", "absorption_start", "absorption_growth", "own", "general", "rule", "share", "unlock",
        "highest", "lowest", "ratio", "above_pair", "below_pair", "mean_difference",
    }
)  # fmt: skip
# Columns that a case adds with such rows: at least 0.
FREE = frozenset({"distance", "excess", "arising", "counted", "unspent", "general", "high", "low", "gap"})
# Rows and columns of stages: the smallest budget is found without them.
OF_STAGES = frozenset({"worst", "excess", "above", "below", "worst_shortfall", "level", "distance"})

# Bounds of an alternative may be beyond those of the tables by the rounding of sums.
SLIGHT = 1e-11


def program_checks(folder: Folder, sums: Sums) -> Iterator[Check]:
    """The program of the plan, the costs of its stages, and the program of the smallest budget."""
    plan = folder.proof.plan
    yield check("program_columns", "certificate.json", _columns(folder, sums, plan))
    yield check("program_rows", "certificate.json", _rows(folder, sums, plan))
    if plan.steps:
        yield check("program_costs", "certificate.json", _costs(folder, sums, plan))
    if folder.proof.smallest_budget is not None:
        faults = _smallest(plan, folder.proof.smallest_budget, folder.result.budget.total)
        yield check("program_smallest", "certificate.json", faults)


def _columns(folder: Folder, sums: Sums, plan: Evidence) -> Iterator[Fault | None]:
    """Every column with the bounds and the kind that the tables give it, and no other."""
    expected, alternative = _bounds(folder, sums), is_alternative(folder)
    for column in plan.program.columns:
        kind = column.name.partition("[")[0]
        if alternative and kind in COLUMNS:
            continue
        if kind in ("spend", "shortfall") and column.name not in expected:
            yield Fault(column.name, "", "–")
        low, high = expected.get(column.name, (0.0, math.inf))
        if alternative:
            yield from _narrower(column.name, (column.lower, column.upper), (low, high))
            continue
        yield same(f"{column.name} lower", column.lower, low)
        if kind == "count":
            yield None if column.upper is not None and column.upper >= low else Fault(column.name, "–", f"≥ {low}")
        else:
            yield same(f"{column.name} upper", column.upper, None if math.isinf(high) else high)
        yield same(f"{column.name} whole", column.whole, kind in ("open", "count"))
        if column.name not in expected and kind not in FREE:
            yield Fault(column.name, column.name, "–")
    there = {column.name for column in plan.program.columns}
    yield from (Fault(name, "–", name) for name in expected if name not in there and name.startswith("spend["))
    yield same("columns", len(there), len(plan.program.columns))


def _narrower(
    name: str, written: tuple[float | None, float | None], expected: tuple[float | None, float | None]
) -> Iterator[Fault | None]:
    """Bounds inside those that the tables give: what keeps an alternative, keeps the case."""
    (low, high), (least, most) = written, expected
    inside = (least is None or (low is not None and low >= least - abs(least) * SLIGHT)) and (
        most is None or math.isinf(most) or (high is not None and high <= most + abs(most) * SLIGHT)
    )
    yield None if inside else Fault(name, f"{low} … {high}", f"{least} … {most}")


def _bounds(folder: Folder, sums: Sums) -> dict[str, tuple[float, float]]:
    """Columns whose bounds the tables say."""
    bounds: dict[str, tuple[float, float]] = {"worst_shortfall": (0.0, 1.0)}
    for t in sums.tranches:
        bounds[t.column] = (0.0, t.width)
        bounds |= {name: (0.0, t.width) for name, _ in sums.raised(t)}
    for n, (key, row) in enumerate(sums.targets, 1):
        bounds[f"shortfall[{','.join(key)}]"] = (0.0, 0.0 if row["must"] == "true" else 1.0)
        bounds[f"level[{n}]"] = (0.0, 1.0)
    bounds |= {f"open[{p.id}]": (float(p.required), 1.0) for p in folder.result.platforms or ()}
    return bounds | {f"count[{m.id}]": (float(m.minimum), math.inf) for m in folder.result.measures or ()}


def _rows(folder: Folder, sums: Sums, plan: Evidence) -> Iterator[Fault | None]:
    """Every row that the tables give, as it stands there, and none of a kind that no case has."""
    expected = {row.name: row for row in expected_rows(folder, sums)}
    written = {row.name: row for row in plan.program.rows}
    yield same("rows", len(written), len(plan.program.rows))
    for name, row in expected.items():
        if name not in written:
            yield Fault(name, "–", name)
        elif is_alternative(folder):
            yield from equal_terms(name, written[name].terms, row.terms)
            bounds = (written[name].lower, written[name].upper), (row.lower, row.upper)
            yield from _narrower(name, *bounds)
        else:
            yield from equal_rows(written[name], row)
    if not sums.reading.years:
        yield same("reading", (sums.reading.lag, sums.reading.survival), (0, 1.0))
    if years := sums.reading.years:
        each = [written.get(f"balance[{year}]", written.get(f"budget[{year}]")) for year in years]
        envelopes = sum((row.upper or 0.0 for row in each if row), 0.0)
        yield _close("budget", envelopes, folder.result.budget.total, folder.result.budget.total)
    stated = STATED | ROWS if is_alternative(folder) else STATED
    for name in written.keys() - expected.keys():
        if name.partition("[")[0] not in stated:
            yield Fault(name, name, "–")


def equal_rows(written: RowText, expected: RowText) -> Iterator[Fault | None]:
    """Two rows with the same terms and bounds, but for the rounding of sums."""
    yield from equal_terms(written.name, written.terms, expected.terms)
    yield near(f"{written.name} lower", written.lower, expected.lower)
    yield near(f"{written.name} upper", written.upper, expected.upper)


def equal_terms(
    place: str, written: Mapping[str, float], expected: Mapping[str, float | Fraction]
) -> Iterator[Fault | None]:
    """The same columns with the same coefficients."""
    for name in {**written, **expected}:
        yield near(f"{place}, {name}", written.get(name), expected.get(name))


def _costs(folder: Folder, sums: Sums, plan: Evidence) -> Iterator[Fault | None]:
    """What each stage optimises is what its name says; each step of the order prefers what is written earlier."""
    order = [t.column for t in sums.tranches]
    for step in plan.steps:
        if step.name == FURTHER and is_alternative(folder):
            yield same(FURTHER, (step.costs, step.sense), ({FURTHER: 1.0}, "maximise"))
        elif step.kind == "stage":
            yield from equal_terms(step.name, step.costs, stage_costs(step, folder, sums))
            yield same(
                f"{step.name} sense", step.sense, "maximise" if step.name in ("output", "jobs") else "minimise"
            )
        elif step.name == "order":
            weights = {name: math.sqrt(k / len(order)) - 2 for k, name in enumerate(order)}
            yield from equal_terms(step.name, step.costs, weights)
        else:
            yield from equal_terms(step.name, step.costs, {step.name.replace("order[", "spend[", 1): -1.0})


def stage_costs(step: Step, folder: Folder, sums: Sums) -> Terms:
    """The sum that a stage's name stands for."""
    keys = [(key, ",".join(key)) for key, _ in sums.targets]
    if step.name.startswith("leximin["):
        n = step.name.removeprefix("leximin[").rstrip("]")
        excess = {f"excess[{n},{name}]": Fraction(1) for _, name in keys}
        return {f"level[{n}]": Fraction(amount(n, step.name)), **excess}
    weights = folder.result.provenance.weights
    sums_of: dict[str, Terms] = {
        "worst_shortfall": {"worst_shortfall": Fraction(1)},
        "total_shortfall": {
            f"shortfall[{name}]": Fraction(weights[key[0]]) for key, name in keys if weights.get(key[0])
        },
        "spend": sums.spent(),
        "nearest_reference": {f"distance[{region.id}]": Fraction(1) for region in folder.result.regions},
    }
    return sums.national(step.name) if step.name in ("output", "jobs") else sums_of.get(step.name, {})


def _smallest(plan: Evidence, smallest: Evidence, budget: float) -> Iterator[Fault | None]:
    """The program of the smallest budget is that of the plan, with the budget as a column and every target a must."""
    written = {row.name: row for row in smallest.program.rows}
    kept = {row.name: row for row in plan.program.rows if row.name.partition("[")[0] not in OF_STAGES}
    yield from (same("rows", name, "–") for name in written.keys() ^ kept.keys())
    for name, row in kept.items():
        if name in written:
            own = dict(written[name].terms)
            money = own.pop("budget", 0.0) * budget
            bounds = [None if b is None else b - money for b in (written[name].lower, written[name].upper)]
            yield from equal_terms(name, own, row.terms)
            for found, given in zip(bounds, (row.lower, row.upper), strict=True):
                yield _close(name, found, given, budget)
    columns = {column.name: (column.lower, column.upper, column.whole) for column in smallest.program.columns}
    yield same("budget", columns.pop("budget", None), (0.0, None, False))
    for column in plan.program.columns:
        if column.name.partition("[")[0] not in OF_STAGES:
            upper = 0.0 if column.name.startswith("shortfall[") else column.upper
            yield same(column.name, columns.pop(column.name, None), (column.lower, upper, column.whole))
    yield from (same("columns", name, "–") for name in columns)
    yield from (same(step.name, step.costs, {"budget": 1.0}) for step in smallest.steps)


def _close(place: str, written: float | None, expected: float | None, budget: float) -> Fault | None:
    """Bounds that were computed with the budget in two ways."""
    if written is None or expected is None:
        return same(place, written, expected)
    return None if abs(written - expected) <= 1e-9 * max(budget, abs(expected)) else same(place, written, expected)
