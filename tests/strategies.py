"""Random cases for properties: small, with the decimal numbers that people write."""

from __future__ import annotations

from cases import aim, bound, case, fund
from hypothesis import strategies as st

from regionopt.common.instance import METRICS, STAGES, Instance

REGIONS = ("north", "south", "east")


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers with one decimal, given in tenths."""
    return st.integers(low, high).map(lambda n: n / 10)


given_away = st.sampled_from([0.0, 1e-9, 1e-6, 0.05])
# Leximin is many steps under one name; test_equity.py holds it against its own definition.
stage_lists = st.lists(st.sampled_from([s for s in STAGES if s != "leximin"]), min_size=1, max_size=4, unique=True)


@st.composite
def random_case(
    draw: st.DrawFn,
    stages: st.SearchStrategy[list[str]] = stage_lists,
    shares: bool = True,
    must: bool = True,
    give_away: st.SearchStrategy[float] = given_away,
) -> Instance:
    """A case of up to three regions; `shares` allows limits as a share of the budget, `must` must-targets."""
    regions = REGIONS[: draw(st.integers(1, 3))]
    parts = [part for region in regions for part in _programmes(draw, region)]
    for region in regions:
        for metric in METRICS:
            if draw(st.integers(0, 3)):
                parts.append(aim(metric, region, draw(tenths(5, 400)), must=must and draw(st.integers(0, 9)) == 9))
        if draw(st.integers(0, 2)) == 2:
            parts.append(_limits(draw, region, shares))
    return case(
        draw(tenths(1, 300)),
        *parts,
        stages=draw(stages),
        reference={region: draw(tenths(0, 100)) for region in regions},
        weights={metric: draw(st.sampled_from([1.0, 0.5, 3.0])) for metric in METRICS},
        give_away=draw(give_away),
        regions=regions,
    )


def _programmes(draw: st.DrawFn, region: str) -> list:
    """One or two programmes of one to three tranches whose returns fall."""
    tranches = []
    for programme in ("labs", "port")[: draw(st.integers(1, 2))]:
        output, jobs = draw(tenths(0, 90)), draw(tenths(0, 90))
        for k, part in enumerate((1.0, 0.6, 0.3)[: draw(st.integers(1, 3))], 1):
            width = draw(tenths(0, 80))
            tranches.append(fund(region, programme, width, output=output * part, jobs=jobs * part, k=k))
    return tranches


def _limits(draw: st.DrawFn, region: str, shares: bool):
    kinds = {
        "floor": tenths(0, 30),
        "floor_share": st.sampled_from([0.05, 0.1, 0.25]),
        "ceiling": tenths(20, 200),
        "ceiling_share": st.sampled_from([0.4, 0.5, 0.9]),
    }
    chosen = [kind for kind in kinds if (shares or not kind.endswith("share")) and draw(st.booleans())]
    return bound(region, **{kind: draw(kinds[kind]) for kind in chosen})
