"""Money over years: each has an envelope; what is not spent may be carried over, wholly or in part.

    envelope[t]             = fixed[t] + share[t] · (B - Σ fixed)
    available[t]            = envelope[t] + c · u[t-1]                 (c: carry-over; u: unspent)
    balance[t]                Σ x[..,t] + u[t] = available[t]          (with carry-over)
    budget[t]                 Σ x[..,t] ≤ available[t]                 (without)
    execution[t]              Σ x[..,t] ≤ execution rate · available[t]
    absorption_start[a]       X[a,first] ≤ start
    absorption_growth[a,t]    X[a,t] ≤ growth · X[a,t-1]
    arising[m,r,t]            a[m,r,t] = Σ e[m,r,p,k] · x[r,p,k,t]      (with survival below 1)
    counted[m,r,until]        Σ_t survived[t] · a[m,r,t] = what counts at the end of a year

Returns count from `lag` years after the money, and shrink to `survival` of themselves each year after that
(`core.survived`). Then they are summed up year by year, so that all shrink by the same factors, exactly: what
rounding makes of each product of a return, a factor and a target would otherwise choose between years. Fixed costs
of platforms and measures fall in equal parts on all years.
"""

from __future__ import annotations

from pulp import LpAffineExpression, lpSum

from regionopt.common.instance import METRICS, Absorption, Period, Periods
from regionopt.model.core import Model, Money, survived


def columns(model: Model) -> None:
    """What each year's money brings; needed before any sum of returns is written."""
    periods = model.instance.periods
    if periods is None or periods.survival == 1:
        return
    last = periods.periods[-1].id
    untils = dict.fromkeys([last, *(target.period or last for target in model.instance.targets)])
    for metric in METRICS:
        for region in model.instance.regions:
            _count(model, periods, metric, region, tuple(untils))


def _count(model: Model, periods: Periods, metric: str, region: str, untils: tuple[str, ...]) -> None:
    """What a region's programmes bring by the money of each year, and what of it counts at the end of some years."""
    arising = {}
    for period in periods.periods:
        brought = model.brought(metric, region, year=period.id)
        if brought:
            arising[period.id] = model.column("arising", metric, region, period.id)
            model.row(brought == arising[period.id], "arising", metric, region, period.id)
    for until in untils:
        counted = model.column("counted", metric, region, until)
        whole = lpSum(survived(model.instance, year, until) * column for year, column in arising.items())
        model.row(whole == counted, "counted", metric, region, until)
        model.counted[metric, region, until] = counted


def write(model: Model) -> None:
    """The budget of every year, in place of the one `budget` row."""
    periods = model.instance.periods
    if periods is None:
        return
    fixed = sum(period.fixed for period in periods.periods)
    steady = model.fixed_costs() * (1 / len(periods.periods))
    carried: Money = 0.0
    for period in periods.periods:
        available = period.fixed + period.share * (model.budget - fixed) + carried
        spent = _spent(model, period) + steady
        if periods.execution_rate < 1:
            model.row(spent <= periods.execution_rate * available, "execution", period.id)
        if periods.carry_over > 0:
            unspent = model.column("unspent", period.id)
            model.row(spent + unspent == available, "balance", period.id)
            carried = periods.carry_over * unspent
        else:
            model.row(spent <= available, "budget", period.id)
    for scope in periods.absorption:
        _absorb(model, periods, scope)


def _spent(model: Model, period: Period) -> LpAffineExpression:
    return model.money(model.instance.some(period=period.id))


def _absorb(model: Model, periods: Periods, scope: Absorption) -> None:
    """Spending starts at a level and grows by a factor, of a region or of one of its programmes."""
    series = [
        model.money(t for t in model.instance.some(scope.region, period.id) if scope.programme in (None, t.programme))
        for period in periods.periods
    ]
    if scope.start is not None:
        model.row(series[0] <= scope.start, "absorption_start", scope.name)
    if scope.growth is not None:
        for period, before, now in zip(periods.periods[1:], series, series[1:], strict=False):
            model.row(now <= scope.growth * before, "absorption_growth", scope.name, period.id)
