"""The rows that are written of runs: `runs.csv` and `regions.csv`, their columns, numbers and decimals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from regionopt.common.decimals import DECIMALS, MET, MONEY, RATIO
from regionopt.common.instance import METRICS
from regionopt.sweep.flat import Array
from regionopt.sweep.outcomes import PLANNED, Layout, Settled
from regionopt.sweep.runs import Run

# A shortfall up to this is none; as a float, since there is one a run and target.
NONE = float(MET)
TOTALS = tuple(f"national_{metric}" for metric in METRICS)
COUNTS = ("targets_met", "targets")
REGION_COLUMNS = (
    "run", "region", "budget", "share",
    *(f"{metric}{end}" for metric in METRICS for end in ("", "_target", "_shortfall")),
)  # fmt: skip
# How the numbers of a run after its stages are written: budget, spent, unspent, totals, counts.
AFTER_STAGES = (*[f"%.{MONEY}f"] * 3, *(f"%.{DECIMALS[metric]}f" for metric in METRICS), *["%d"] * len(COUNTS))


def run_columns(inputs: Sequence[str], stages: Sequence[str]) -> list[str]:
    """Columns of `runs.csv`."""
    return ["run", *inputs, "status", "checked", "reason", *stages, "budget", "spent", "unspent", *TOTALS, *COUNTS]


def lines_of(runs: Sequence[Run], found: Settled, stages: Sequence[str]) -> list[tuple[str, str]]:
    """The row of `runs.csv` and the rows of `regions.csv` of each run; no row of a region without a plan."""
    run_rows, region_rows = as_written(_told(found, stages)), as_written(region_numbers(found))
    shape, region_shapes = _shape(found.layout, stages), "".join(_region_shapes(found.layout))
    empty = "," * shape.count(",") + "\n"
    lines = []
    for k, run in enumerate(runs):
        name = quoted(run.name)
        head = ",".join([name, *map(quoted, run.inputs), found.statuses[k], found.ways[k], found.reasons[k], ""])
        if found.statuses[k] in PLANNED:
            regions = (region_shapes % tuple(region_rows[k])).replace("\0", name)
            lines.append((head + shape % tuple(run_rows[k]), regions))
        else:
            lines.append((head + empty, ""))
    return lines


def run_numbers(found: Settled) -> Array:
    """By run: stages, budget, spent, unspent, national totals, targets met, targets."""
    parts, n = found.layout.parts, found.numbers
    budget, spent = n[:, parts["budget"]], n[:, parts["spent"]]
    national = n[:, parts["gained"]].reshape(len(n), len(METRICS), -1).sum(axis=2)
    met = (shortfalls(found) <= NONE).sum(axis=1, keepdims=True)
    count = np.full_like(budget, len(found.layout.targets))
    return np.concatenate([n[:, parts["stages"]], budget, spent, budget - spent, national, met, count], axis=1)


def shortfalls(found: Settled) -> Array:
    """Relative shortfall by run and target."""
    parts, n = found.layout.parts, found.numbers
    short: Array = np.maximum(0.0, 1.0 - n[:, parts["reached"]] / n[:, parts["targets"]])
    return short


def region_numbers(found: Settled) -> Array:
    """By run, region after region: money, its share, then gain, target, shortfall of each metric that has one."""
    layout, n = found.layout, found.numbers
    parts, short = layout.parts, shortfalls(found)
    money, targets = n[:, parts["allocated"]], n[:, parts["targets"]]
    budget = n[:, parts["budget"]][:, 0]
    columns = []
    for r, region in enumerate(layout.regions):
        columns += [money[:, r], money[:, r] / budget]
        for m, metric in enumerate(METRICS):
            columns.append(n[:, parts["gained"]][:, m * len(layout.regions) + r])
            if (metric, region) in layout.targets:
                t = layout.targets.index((metric, region))
                columns += [targets[:, t], short[:, t]]
    return np.stack(columns, axis=1) if columns else np.zeros((len(n), 0))


def as_written(numbers: Array) -> list[list[float]]:
    """Numbers as they are written: what floats leave just below zero is zero, or money would be minus zero."""
    nothing = (numbers <= 0) & (numbers > -0.5 * 10.0**-MONEY)
    told: list[list[float]] = np.where(nothing, 0.0, numbers).tolist()
    return told


def quoted(text: str) -> str:
    """A cell as it is written."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


def _told(found: Settled, stages: Sequence[str]) -> Array:
    """The numbers of runs with those of these stages that they have, in this order."""
    own = found.layout.stages
    numbers = run_numbers(found)
    return numbers[:, [*(own.index(stage) for stage in stages if stage in own), *range(len(own), numbers.shape[1])]]


def _shape(layout: Layout, stages: Sequence[str]) -> str:
    """How the numbers of a run are written: nothing for a stage that it has not."""
    return ",".join([*(f"%.{RATIO}f" * (stage in layout.stages) for stage in stages), *AFTER_STAGES]) + "\n"


def _region_shapes(layout: Layout) -> Iterator[str]:
    """How the numbers of each region are written; the run's name goes in the place of NUL."""
    for region in layout.regions:
        shapes = [f"%.{MONEY}f", f"%.{RATIO}f"]
        for metric in METRICS:
            aimed = (metric, region) in layout.targets
            shapes += [f"%.{DECIMALS[metric]}f", *([f"%.{MONEY}f", f"%.{RATIO}f"] if aimed else ["", ""])]
        yield ",".join(["\0", region, *shapes]) + "\n"
