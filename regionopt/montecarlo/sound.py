"""`regionopt validate`, for what is uncertain: every rule that `[uncertainty]` and `[correlation]` can break."""

from __future__ import annotations

from regionopt.case.case import Case
from regionopt.common.errors import Problem, refuse
from regionopt.montecarlo.factors import factors_of
from regionopt.montecarlo.inputs import inputs_of


def check(case: Case) -> None:
    """Raises InputError with all that is wrong with the uncertainty of a case file."""
    inputs = inputs_of(case)
    factors, groups = factors_of(case, inputs), {one.group for one in inputs if one.group}
    place = f"{case.path.name}: correlation"
    spare = sorted(set(case.document.correlation) - groups)
    refuse(Problem("correlation_without_group", f"{place}.{name}", name) for name in spare)
    if groups:
        from regionopt.montecarlo.groups import groups_of  # matrices: only who has any pays for numpy

        groups_of(case, inputs, factors, ())
