"""`regionopt validate`: every rule a case can break, boundaries included, without solving anything."""

from __future__ import annotations

from regionopt.case import Case
from regionopt.compute import Resolved
from regionopt.errors import refuse
from regionopt.regions import county_problems


def every_problem(case: Case) -> Resolved:
    """Check numbers, rules between them, and boundaries of the user's own. Raises InputError with all of it."""
    _ = case.instance
    geometry = case.document.geometry
    if geometry.file is not None:
        from regionopt.boundaries import load_boundaries

        path = case.path.parent / geometry.file
        boundaries = load_boundaries(path, geometry.id, geometry.layer, geometry.crs)
        where = f"{case.path.name}: geometry.outside"
        refuse(county_problems(case.regions, frozenset(boundaries.codes), geometry.outside, where))
    return case.resolved
