"""The limits of a case, in one table: the row that keeps each, the number of the case file behind it, its words.

A limit without a row is a bound of columns (a measure's numbers), or a number that stands in the rows of others.
Where a path or a row fits two lines of the table, the first one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from regionopt.common.instance import METRICS, Instance


@dataclass(frozen=True)
class Kind:
    """A kind of limit: `key` of its words in `limit` of texts.toml, path of its number, name of its row."""

    key: str
    path: str
    row: str = ""


@dataclass(frozen=True)
class Limit:
    """One limit of a case: its kind, the path of its number, and what is named in it (`region`, `metric`, …)."""

    kind: Kind
    path: str
    names: Mapping[str, str]


KINDS = (
    Kind("budget", "budget.total", "budget"),
    Kind("floor", "regions.{region}.floor", "floor[{region}]"),
    Kind("floor_per_head", "regions.{region}.floor_per_head"),
    Kind("floor_share", "regions.{region}.floor_share", "floor_share[{region}]"),
    Kind("ceiling", "regions.{region}.ceiling", "ceiling[{region}]"),
    Kind("ceiling_per_head", "regions.{region}.ceiling_per_head"),
    Kind("ceiling_share", "regions.{region}.ceiling_share", "ceiling_share[{region}]"),
    Kind("target_total", "targets.{metric}.total"),
    Kind("per_head", "targets.{metric}.per_head", "reach[{metric},{region},per_head]"),
    Kind("growth", "targets.{metric}.growth.rate", "reach[{metric},{region},growth]"),
    Kind("milestone", "targets.{metric}.milestones.{year}", "reach[{metric},{region},{year}]"),
    Kind("target", "targets.{metric}.{region}", "reach[{metric},{region}]"),
    Kind("share", "targets.{metric}.share.{region}", "share[{metric},{region}]"),
    Kind("envelope", "periods.budget.{year}", "budget[{year}]"),
    Kind("envelope", "periods.budget.{year}", "balance[{year}]"),
    Kind("execution_rate", "periods.execution_rate", "execution[{year}]"),
    Kind("carry_over", "periods.carry_over"),
    Kind("absorption_start", "periods.absorption.{name}.start", "absorption_start[{name}{rest}]"),
    Kind("absorption_growth", "periods.absorption.{name}.growth", "absorption_growth[{name}{rest},{year}]"),
    Kind("group_floor", "groups.{group}.floor", "group_floor[{group}]"),
    Kind("group_floor_share", "groups.{group}.floor_share", "group_floor_share[{group}]"),
    Kind("group_ceiling", "groups.{group}.ceiling", "group_ceiling[{group}]"),
    Kind("group_ceiling_share", "groups.{group}.ceiling_share", "group_ceiling_share[{group}]"),
    Kind("own_budget", "groups.{group}.own_budget", "own[{group}]"),
    Kind("general", "groups.*.own_budget", "general"),
    Kind("ratio", "equity.ratio", "ratio"),
    Kind("ratio", "equity.ratio", "highest[{region}]"),
    Kind("ratio", "equity.ratio", "lowest[{region}]"),
    Kind("mean_difference", "equity.mean_difference", "mean_difference"),
    Kind("mean_difference", "equity.mean_difference", "above_pair[{region},{other}]"),
    Kind("mean_difference", "equity.mean_difference", "below_pair[{region},{other}]"),
    Kind("rule", "rules.{n}.value", "rule[{rule}]"),
    Kind("platform_cost", "platforms.{platform}.cost"),
    Kind("unlock", "platforms.{platform}.unlocks", "unlock[{platform},{rest}]"),
    Kind("measure_cost", "measures.{measure}.cost"),
    Kind("minimum", "measures.{measure}.minimum"),
    Kind("maximum", "measures.{measure}.maximum"),
    # What only adds up, beside the limits that are told.
    Kind("arising", "returns.{metric}", "arising[{metric},{region},{year}]"),
    Kind("counted", "periods.survival", "counted[{metric},{region},{year}]"),
)  # fmt: skip

# What a case says besides, by the `key` of its words in `setting`: names, lists, and many numbers at once.
SETTINGS = (
    Kind("must", "targets.{metric}.must"),
    Kind("split", "targets.{metric}.split"),
    Kind("reference", "objective.reference"),
    Kind("stages", "objective.stages"),
    Kind("level", "returns.level.{metric}"),
    Kind("returns", "returns.{metric}.*"),
    Kind("returns_of", "returns.{metric}.{region}.*"),
)

# What stands for anything else than the name of one thing.
_PARTS = {"n": r"\d+", "year": r"\d+", "rest": r".*", "metric": "|".join(METRICS)}


def of_path(path: str) -> Limit | None:
    """The limit whose number stands at a path of the case file; None for every other number."""
    return None if setting_of(path) else _first(KINDS, path)


def setting_of(path: str) -> Limit | None:
    """What a path sets that is no limit, told in the same way; None for what has no name."""
    return _first(SETTINGS, path)


def _first(kinds: Iterable[Kind], path: str) -> Limit | None:
    for kind in kinds:
        if found := _pattern(kind.path).fullmatch(path):
            return Limit(kind, path, found.groupdict())
    return None


def of_row(instance: Instance, row: str) -> Limit | None:
    """The limit that a row of the program keeps; None for rows that keep none."""
    for kind in KINDS:
        if kind.row and (found := _pattern(kind.row).fullmatch(row)):
            names = found.groupdict()
            if "rule" in names:
                names["n"] = str([rule.id for rule in instance.rules].index(names["rule"]) + 1)
            return Limit(kind, _written(kind, names), names)
    return None


def _written(kind: Kind, names: Mapping[str, str]) -> str:
    return kind.path.format(**names)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """`floor[{region}]` as the expression that finds `region` in `floor[east]`."""
    pieces = re.split(r"\{(\w+)\}", template)
    named = (
        f"(?P<{piece}>{_PARTS.get(piece, '[^.,]+')})" if k % 2 else re.escape(piece) for k, piece in enumerate(pieces)
    )
    return re.compile("".join(named))
