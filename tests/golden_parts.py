"""Programs of the parts that not every case has, one for each golden LP file of `test_model`."""

from __future__ import annotations

from dataclasses import replace

from cases import aim, case, fund, group, yearly

from regionopt.common.instance import Absorption, Equity, Instance, Measure, Platform, Rule, Share, Target

PARTS = (fund("north", "labs", 4, output=8, jobs=6), fund("south", "port", 6, output=5, jobs=10))
SPEND = case(8, *PARTS, stages=["spend"])
JOBS = case(8, *PARTS, aim("jobs", "north", 12), stages=["jobs"])
TWO = ("2030", "2031")
HEADS = {"north": 2.0, "south": 4.0}

PERIODS: dict[str, Instance] = {
    "periods": yearly(SPEND, *TWO),
    "periods_envelopes": yearly(SPEND, *TWO, envelopes={"2030": 3}),
    "periods_carry_over": yearly(SPEND, *TWO, carry_over=0.5),
    "periods_execution": yearly(SPEND, *TWO, execution_rate=0.75),
    "periods_absorption": yearly(
        SPEND, *TWO, absorption=(Absorption("a", "north", None, 1, 0.5), Absorption("b", "south", "port", 2))
    ),
    "periods_lag": yearly(JOBS, *TWO, lag=1),
    "periods_survival": yearly(JOBS, *TWO, survival=0.5),
    "periods_milestone": replace(
        dated := yearly(JOBS, *TWO), targets=(*dated.targets, replace(dated.targets[0], target=3, period="2030"))
    ),
}
GROUPS: dict[str, Instance] = {
    "group_limits": replace(
        SPEND,
        groups=(
            group("all", "north.labs", "south.port", floor=1, floor_share=0.25),
            group("labs", "north.labs", ceiling=3, ceiling_share=0.5),
        ),
    ),
    "group_own_budget": replace(
        SPEND, groups=(group("labs", "north.labs", own_budget=3), group("port", "south.port", own_budget=1))
    ),
}
EQUITY: dict[str, Instance] = {
    "equity_ratio": replace(SPEND, equity=Equity(HEADS, ratio=2)),
    "equity_mean_difference": replace(SPEND, equity=Equity(HEADS, mean_difference=0.5)),
}

# Two tranches in the north that give output 8 and 4, jobs 6 and 2 a unit; one in the south: output 5, jobs 10.
LABS = (fund("north", "labs", 4, output=8, jobs=6), fund("north", "labs", 3, output=4, jobs=2, k=2))
PORT = (fund("south", "port", 5, output=5, jobs=10),)
RULES = {
    "rule": replace(
        case(8, *LABS, *PORT, stages=["jobs"]),
        rules=(
            Rule("most", ((1.0, (LABS[0].key, LABS[1].key)),), "<=", 5),
            Rule("twice", ((1.0, (PORT[0].key,)), (-2.0, (LABS[1].key,))), "=", 0),
        ),
    )
}
RELATIVE = {
    "relative_growth": replace(
        case(8, *LABS, *PORT, stages=["spend"]),
        targets=(Target("jobs", "all", 0.5, kind="growth", over={"north": 1 / 8, "south": 1 / 16}),),
    ),
    "relative_share": replace(case(8, *LABS, *PORT, stages=["jobs"]), shares=(Share("jobs", "south", 0.25),)),
}
SPILLED = {
    "spillovers": replace(
        case(8, *LABS, *PORT, aim("jobs", "south", 20), stages=["jobs"]),
        spillovers={"jobs": {("north", "north"): 0.75, ("north", "south"): 0.25, ("south", "south"): 1.0}},
    )
}
WHOLE = {
    "platforms": replace(
        case(8, *LABS, *PORT, aim("jobs", "north", 12), stages=["jobs"]),
        platforms=(
            Platform("hub", "north", 3, raises={("north", "labs"): 0.5}),
            Platform("key", "south", 1, required=True, unlocks=frozenset({("south", "port")})),
        ),
        measures=(Measure("roads", 0.5, 2, 9),),
    )
}
CHOICES = {**RULES, **RELATIVE, **SPILLED, **WHOLE}
