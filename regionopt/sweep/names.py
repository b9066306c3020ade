"""What the names given to `--chart` mean: any output of a sweep against any input.

    worst_shortfall                 a column of runs.csv, against the first input
    spent:regions.east.floor_share  against another input
    regions.budget                  a column of regions.csv, a series for each region
    regions.east.jobs_shortfall     of one region

What a sweep has not is refused, with the name that is nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regionopt.common.errors import Problem, nearest, refuse
from regionopt.result.files import folder_name
from regionopt.sweep.along import mixed
from regionopt.sweep.rows import REGION_COLUMNS, TOTALS
from regionopt.sweep.work import Job


@dataclass(frozen=True)
class Asked:
    """A chart: a column of a table (`region` is one of its regions, all where it is empty), and an input."""

    table: str
    column: str
    region: str
    over: str

    @property
    def name(self) -> str:
        """The name of its file."""
        parts = ([] if self.table == "runs" else ["regions"], [self.region] if self.region else [], [self.column])
        return folder_name(".".join(part for group in parts for part in group) + f"~{self.over}")


def charts_of(job: Job, charts: Sequence[str]) -> list[Asked]:
    """What each `OUTPUT:INPUT` means. Raises InputError for outputs and inputs that the sweep has not."""
    known, inputs = _outputs(job), inputs_of(job)
    found, problems = [], list[Problem]()
    for chart in charts:
        output, _, over = (part.strip() for part in chart.partition(":"))
        over = over or inputs[0]
        if over not in inputs:
            problems.append(Problem("chart_input", "--chart", over, {"known": ", ".join(inputs)}))
        elif mixed(job.order, over):
            problems.append(Problem("chart_mixed", "--chart", over))
        elif output not in known:
            problems.append(Problem("chart_output", "--chart", output, {"nearest": nearest(output, known)}))
        else:
            found.append(replace(known[output], over=over))
    refuse(problems)
    return found


def _outputs(job: Job) -> dict[str, Asked]:
    """Every number that can be drawn, by the name that asks for it."""
    regions = job.case.instance.regions
    names = {name: Asked("runs", name, "", "") for name in numbers_of(job)}
    for column in REGION_COLUMNS[2:]:
        names[f"regions.{column}"] = Asked("regions", column, "", "")
        names |= {f"regions.{region}.{column}": Asked("regions", column, region, "") for region in regions}
    return names


def inputs_of(job: Job) -> tuple[str, ...]:
    """The inputs by their paths: those of a list are all that its runs change."""
    return tuple(dict.fromkeys(item.path for item in job.order.examples()))


def numbers_of(job: Job) -> tuple[str, ...]:
    """The columns of `runs.csv` that are numbers."""
    return (*job.stages, "budget", "spent", "unspent", *TOTALS, "targets_met")
