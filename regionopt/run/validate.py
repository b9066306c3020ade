"""`regionopt validate`: every rule a case can break, boundaries included, without solving anything."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.case.case import Case
from regionopt.case.compute import Resolved
from regionopt.case.overrides import matches
from regionopt.case.patches import patches_of
from regionopt.case.stated import settable_paths
from regionopt.common.errors import Problem, found_by, nearest, refuse


def every_problem(case: Case) -> Resolved:
    """Check numbers, rules between them, overrides, and boundaries of the user's own.

    Raises InputError with everything that is wrong.
    """
    own = case.resolved.context.document.geometry.file is not None
    overrides = _unknown_paths(case)
    refuse(found_by(lambda: case.instance, lambda: refuse(overrides), *([lambda: _boundaries(case)] if own else [])))
    return case.resolved


def _unknown_paths(case: Case) -> Iterator[Problem]:
    """Overrides that no scenario of this run uses may name paths that do not exist: they would fail later."""
    resolved = case.resolved
    paths = (*settable_paths(case.raw, resolved.context.sources, everything=True), *resolved.computed)
    for name, table in resolved.context.document.overrides.items():
        for item in patches_of(name, table):
            if not matches(item.path, paths):
                place = f"{resolved.context.file}: overrides.{name}"
                yield Problem("unknown_path", place, item.path, {"nearest": nearest(item.path, paths)})


def _boundaries(case: Case) -> None:
    """Every county of a region has a boundary, and every boundary is in a region or left out on purpose."""
    from regionopt.maps.geofiles import load_boundaries

    geometry = case.document.geometry
    path = case.path.parent / str(geometry.file)
    boundaries = load_boundaries(path, geometry.id, geometry.layer, geometry.crs)
    refuse(case.misplaced(frozenset(boundaries.codes)))
