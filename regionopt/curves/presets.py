"""Which scenarios lie on the curve over the budget: those that differ from a case in the budget alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from regionopt.case.case import Case, scenario_patches
from regionopt.case.patches import Patch
from regionopt.maps.companion import Preset

PATH = "budget.total"


def presets(case: Case) -> tuple[tuple[Preset, ...], tuple[str, ...]]:
    """The case's own budget first, then those of scenarios on its curve; and the names of the other scenarios."""
    here = _other_changes(case.patches)
    found = {case.instance.budget: Preset(name=None, at=case.instance.budget)}
    elsewhere = []
    for name in ("base", *case.document.scenarios):
        patches = tuple(scenario_patches(case.document, [name], case.path.name))
        if _other_changes(patches) != here:
            elsewhere.append(name)
            continue
        budget = replace(case, patches=patches).resolved.numbers[PATH].value
        found.setdefault(budget, Preset(name=name, at=budget))
    return tuple(found.values()), tuple(elsewhere)


def _other_changes(patches: Iterable[Patch]) -> list[tuple[str, str, object]]:
    """What patches change apart from the budget, whoever asked for it."""
    return [(patch.path, patch.how, patch.value) for patch in patches if patch.path != PATH]
