"""All components together: against another formulation in another solver interface, against full enumeration, under a
time limit, and with every row mutated.

The other formulation follows the formulas at the top of the modules, in matrices of numpy, and is solved by SciPy.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cases import aim, case, fund, solved, values
from inputs import CASE, small, written
from scipy.optimize import LinearConstraint, linprog, milp
from test_model import rows
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.document import ResultDocument, Status, WholeCertificate
from regionopt.common.errors import LimitError
from regionopt.common.instance import Instance, Limit, Measure, Platform, Rule, Share, Target, Tranche
from regionopt.model import platforms as platform_rows
from regionopt.model import relative as relative_rows
from regionopt.model import rules as rule_rows
from regionopt.model.core import Model
from regionopt.model.model import build
from regionopt.model.translate import to_costs, to_program
from regionopt.result.result import solve_case
from regionopt.run.starter import make
from regionopt.solve.highs import Highs
from regionopt.solve.optimum import optimise
from regionopt.solve.solve import solve
from regionopt.solve.whole import with_numbers
from regionopt.telling.wording import findings

REGIONS = ("north", "south", "east")
INF = float("inf")


# --- random cases --------------------------------------------------------------------------------------------


def part(seed: int, whole: bool = False) -> Instance:
    """A case with rules, growth, amounts per head, shares, spillovers, limits and, if asked for, platforms."""
    chance = random.Random(seed)
    tranches = tuple(
        Tranche(r, p, k, chance.randint(2, 9), {m: chance.randint(1, 9) / k for m in ("output", "jobs")})
        for r in REGIONS
        for p in ("labs", "port")
        for k in (1, 2)
    )
    targets = tuple(aim(m, r, chance.randint(20, 60)) for m in ("output", "jobs") for r in REGIONS)
    over = {r: 1 / (len(REGIONS) * chance.randint(10, 40)) for r in REGIONS}
    targets += (
        Target("jobs", "all", 0.5, kind="growth", over=over),
        Target("output", "east", chance.randint(10, 30), kind="per_head"),
    )
    matrix = {(q, r): (0.7 if q == r else 0.15) for q in REGIONS for r in REGIONS if chance.random() < 0.9 or q == r}
    picked = tuple(t.key for t in tranches if t.programme == "port")
    rules = (
        Rule("ports", ((1.0, picked), (-0.3, tuple(t.key for t in tranches))), "<=", 4),
        Rule("east", ((1.0, tuple(t.key for t in tranches if t.region == "east")),), ">=", 2),
    )
    instance = replace(
        case(
            chance.randint(15, 40), *tranches, regions=REGIONS, stages=("worst_shortfall", "total_shortfall", "jobs")
        ),
        targets=targets,
        limits=(Limit("north", floor_fixed=6, ceiling_share=0.42),),
        rules=rules,
        shares=(Share("jobs", "south", 0.4),),
        spillovers={"jobs": matrix},
        weights={"output": 1.0, "jobs": 2.0},
    )
    return with_choices(instance, chance) if whole else instance


def with_choices(instance: Instance, chance: random.Random) -> Instance:
    """Two platforms and a measure, so that every choice can be enumerated."""
    return replace(
        instance,
        platforms=(
            Platform("hub", "north", chance.randint(1, 4), raises={("north", "labs"): 0.5, ("south", "labs"): 0.2}),
            Platform("key", "south", chance.randint(1, 4), unlocks=frozenset({("south", "port"), ("east", "labs")})),
        ),
        measures=(Measure("roads", 0.5, chance.randint(0, 2), 4),),
        rules=instance.rules[1:],
    )


# --- the other formulation -----------------------------------------------------------------------------------


class Matrices:
    """x = [money by tranche | raised by platform and tranche | open | count | shortfall by target | z]."""

    def __init__(self, instance: Instance) -> None:
        self.i = instance
        names = [("x", t.key) for t in instance.tranches]
        names += [
            ("q", p.id, t.key)
            for p in instance.platforms
            for t in instance.tranches
            if (t.region, t.programme) in p.raises
        ]
        names += [("o", p.id) for p in instance.platforms] + [("n", m.id) for m in instance.measures]
        names += [("s", t.key) for t in instance.targets] + [("z",)]
        self.at = {name: j for j, name in enumerate(names)}
        self.lower, self.upper = np.zeros(len(names)), np.full(len(names), np.inf)
        self.less: list[tuple[np.ndarray, float]] = []
        self.whole = np.zeros(len(names))
        self.bounds()
        self.constraints()

    def bounds(self) -> None:
        for t in self.i.tranches:
            self.upper[self.at["x", t.key]] = t.width
        for p in self.i.platforms:
            j = self.at["o", p.id]
            self.lower[j], self.upper[j], self.whole[j] = p.required, 1, 1
        for m in self.i.measures:
            j = self.at["n", m.id]
            self.lower[j], self.upper[j], self.whole[j] = m.minimum, m.maximum, 1
        for t in self.i.targets:
            self.upper[self.at["s", t.key]] = 0 if t.must else 1

    def vector(self, terms: dict) -> np.ndarray:
        v = np.zeros(len(self.at))
        for name, a in terms.items():
            v[self.at[name]] += a
        return v

    def given(self, region: str) -> np.ndarray:
        """X[r]: money of its tranches and of its platforms."""
        money = {("x", t.key): 1 for t in self.i.tranches if t.region == region}
        return self.vector(money | {("o", p.id): p.cost for p in self.i.platforms if p.region == region})

    def brought(self, metric: str, region: str) -> np.ndarray:
        v = np.zeros(len(self.at))
        for t in self.i.tranches:
            if t.region == region:
                v[self.at["x", t.key]] += t.returns[metric]
                for p in self.i.platforms:
                    if (t.region, t.programme) in p.raises:
                        v[self.at["q", p.id, t.key]] += t.returns[metric] * p.raises[t.region, t.programme]
        return v

    def arises(self, metric: str, region: str) -> np.ndarray:
        """Σ_q σ[m,q,r] · brought[m,q], σ the identity where the case has no spillovers."""
        shares = self.i.spillovers.get(metric, {(r, r): 1.0 for r in self.i.regions})
        return sum(
            (shares.get((q, region), 0.0) * self.brought(metric, q) for q in self.i.regions), np.zeros(len(self.at))
        )

    def national(self, metric: str) -> np.ndarray:
        return sum(self.arises(metric, r) for r in self.i.regions)

    def constraints(self) -> None:
        i, less = self.i, self.less
        spent = sum(self.given(r) for r in i.regions) + self.vector({("n", m.id): m.cost for m in i.measures})
        less.append((spent, i.budget))
        for t in i.targets:
            weights = t.over or {t.region: 1.0}
            reached = sum(w * self.arises(t.metric, r) for r, w in weights.items()) / t.target
            less.append((-reached - self.vector({("s", t.key): 1}), -1))
            less.append((self.vector({("s", t.key): 1, ("z",): -1}), 0))
        for limit in i.limits:
            if limit.floor(i.budget) is not None:
                less.append((-self.given(limit.region), -limit.floor(i.budget)))
            if limit.ceiling(i.budget) is not None:
                less.append((self.given(limit.region), limit.ceiling(i.budget)))
        for rule in i.rules:
            left = sum((c * self.vector({("x", key): 1 for key in keys}) for c, keys in rule.terms))
            if rule.sense in ("<=", "="):
                less.append((left, rule.value))
            if rule.sense in (">=", "="):
                less.append((-left, -rule.value))
        for share in i.shares:
            less.append((share.share * self.national(share.metric) - self.arises(share.metric, share.region), 0))
        for p in i.platforms:
            for t in i.tranches:
                if (t.region, t.programme) in p.unlocks:
                    less.append((self.vector({("x", t.key): 1, ("o", p.id): -t.width}), 0))
                if (t.region, t.programme) in p.raises:
                    less.append((self.vector({("q", p.id, t.key): 1, ("o", p.id): -t.width}), 0))
                    less.append((self.vector({("q", p.id, t.key): 1, ("x", t.key): -1}), 0))

    def costs(self, stage: str) -> np.ndarray:
        if stage == "worst_shortfall":
            return self.vector({("z",): 1})
        if stage == "total_shortfall":
            return self.vector({("s", t.key): self.i.weights[t.metric] for t in self.i.targets})
        return -self.national(stage)

    def solve(self) -> list[float] | None:
        """The value of each stage, to be minimised; a stage is held with a slack of 1e-9."""
        found, less = [], list(self.less)
        for stage in self.i.stages:
            c = self.costs(stage)
            a, b = np.array([row for row, _ in less]), np.array([most for _, most in less])
            if self.whole.any():
                limits = LinearConstraint(a, -np.inf, b)
                options = {"mip_rel_gap": 0}
                answer = milp(c, constraints=limits, bounds=(np.c_[self.lower, self.upper][:, 0], self.upper),
                              integrality=self.whole, options=options)  # fmt: skip
            else:
                answer = linprog(c, A_ub=a, b_ub=b, bounds=np.c_[self.lower, self.upper])
            if answer.x is None:
                return None
            found.append(float(c @ answer.x))
            less.append((c, found[-1] + 1e-8 * (1 + abs(found[-1]))))
        return found


def stage_costs(instance: Instance, solver: str = "highs") -> list[float] | None:
    """The values of the stages by the product, to be minimised."""
    solution = solve(instance, solver)
    if solution.status is Status.INFEASIBLE:
        return None
    return [float(-s.value if s.name in ("jobs", "output") else s.value) for s in solution.stages]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("whole", [False, True])
def test_another_formulation_in_another_solver_agrees(seed, whole):
    instance = part(seed, whole)
    assert stage_costs(instance) == pytest.approx(Matrices(instance).solve(), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("whole", [False, True])
def test_both_solvers_give_the_same_plan(seed, whole):
    instance = part(seed, whole)
    assert solve(instance).plan == solve(instance, "cbc").plan


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_of_whole_numbers_is_better(seed):
    """Every combination of open platforms and counts, each as a linear program."""
    instance = replace(part(seed, whole=True), stages=("worst_shortfall",))
    program = to_program(build(instance).problem)
    numbers = sorted(program.integers)
    spans = [range(int(program.lower[j]), int(program.upper[j]) + 1) for j in numbers]
    model = build(instance)
    costs, best = to_costs(model.problem, model.stages[0]), None
    for choice in itertools.product(*spans):
        fixed = with_numbers(program, dict(zip(numbers, map(float, choice), strict=True)))
        found = optimise(Highs(), fixed, "choice", costs)
        if not isinstance(found, Status) and (best is None or found.value < best):
            best = found.value
    assert values(solved(instance))["worst_shortfall"] == best


@pytest.mark.parametrize("seed", range(8))
def test_tightening_never_improves_the_first_stage(seed):
    whole = part(seed, whole=True)
    worst = [stage_costs(whole)]
    tighter = (
        replace(whole, budget=whole.budget - 2),
        replace(whole, shares=(Share("jobs", "south", 0.5),)),
        replace(whole, rules=(*whole.rules, Rule("more", ((1.0, (whole.tranches[0].key,)),), "<=", 1))),
        replace(whole, platforms=tuple(replace(p, cost=p.cost + 1) for p in whole.platforms)),
        replace(whole, platforms=tuple(replace(p, required=True) for p in whole.platforms)),
        replace(whole, measures=(replace(whole.measures[0], minimum=4),)),
    )
    for instance in tighter:
        found = stage_costs(instance)
        assert found is None or found[0] >= worst[0][0] - 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_a_platform_that_does_nothing_and_costs_nothing_changes_nothing(seed):
    instance = part(seed)
    idle = replace(instance, platforms=(Platform("idle", "north", 0.0),), measures=(Measure("none", 1.0, 0, 0),))
    assert stage_costs(idle) == pytest.approx(stage_costs(instance), rel=1e-7, abs=1e-7)


# --- mutants: a row that is left out, turned round or shifted is noticed -----------------------------------------


KINDS = ("rule", "share", "unlock", "raise", "within", "reach", "budget", "floor", "ceiling_share")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["left out", "turned round"])
def test_every_mutant_of_a_row_dies(monkeypatch, kind, how):
    """The stages of some random case differ as soon as all rows of one kind are missing, or face the other way."""
    honest = Model.row

    def mutant(self, constraint, *name):
        if name[0] == kind:
            if how == "left out":
                return
            constraint.sense = -constraint.sense
        honest(self, constraint, *name)

    seeds = range(12)
    others = [Matrices(part(seed, whole=True)).solve() for seed in seeds]
    monkeypatch.setattr(Model, "row", mutant)
    differs = False
    for seed, other in zip(seeds, others, strict=True):
        found = stage_costs(part(seed, whole=True))
        differs = differs or found is None or found != pytest.approx(other, rel=1e-4, abs=1e-4)
    assert differs


def test_every_row_of_the_formulas_is_written():
    instance = part(3, whole=True)
    kinds = {name.split("[")[0] for name in rows(build(instance))}
    for module in (rule_rows, relative_rows, platform_rows):
        named = set(re.findall(r"^\s+(?:.*  )?([a-z]+)\[[a-z,]+\]  ", module.__doc__, re.MULTILINE)) - {
            "open",
            "count",
        }
        assert named <= kinds, module.__name__


# --- the time limit ------------------------------------------------------------------------------------------


def hard(n: int = 60, m: int = 6) -> Instance:
    """A knapsack in several dimensions, its costs much like its gains: branching takes very long."""
    chance = random.Random(1)
    regions = [f"r{k}" for k in range(m)]
    raises = [{(r, "labs"): float(chance.randint(1, 99)) for r in regions} for _ in range(n)]
    platforms = tuple(
        Platform(f"a{j}", regions[j % m], 10 + sum(gain.values()) / m + chance.randint(0, 10), raises=gain)
        for j, gain in enumerate(raises)
    )
    aims = [aim("jobs", r, 0.75 * sum(gain[r, "labs"] for gain in raises)) for r in regions]
    labs = [fund(r, "labs", 1.0, jobs=1) for r in regions]
    return replace(case(sum(p.cost for p in platforms) / 2 + m, *labs, *aims), platforms=platforms)


def test_a_time_limit_gives_the_best_plan_so_far_with_its_gap():
    found = solve(hard(), limit=1.0)
    assert found.status is Status.STOPPED
    first = found.certificate.stages[0]
    assert isinstance(first, WholeCertificate)
    assert first.primal_violation == 0
    assert first.gap > 1e-6
    # The shortfall is above the bound, by the gap.
    worst = float(found.stages[0].value)
    assert worst - first.bound == pytest.approx(first.gap * (1 + worst))
    assert found.plan.spent <= Fraction(hard().budget)


def test_a_limit_that_ends_before_any_plan_is_an_error():
    with pytest.raises(LimitError, match="time limit"):
        solve(hard(), limit=0.0)


def test_a_limit_does_not_matter_to_a_linear_program():
    assert solve(part(1), limit=1e-9).status is Status.OPTIMAL


def toml(instance: Instance) -> dict[str, str]:
    """A hard case as files."""
    stages = '["worst_shortfall", "total_shortfall", "nearest_reference"]'
    parts = [CASE.replace("total = 100", f"total = {instance.budget}").replace(stages, '["worst_shortfall"]')]
    for p in instance.platforms:
        raises = ", ".join(f'"{region}.{name}" = {value / 10}' for (region, name), value in p.raises.items())
        parts.append(f'[platforms.{p.id}]\nregion = "{p.region}"\ncost = {p.cost}\nraises = {{ {raises} }}\n')
    funds = [f"{t.region},{t.programme},1,{t.width},0,{10 * t.returns['jobs']}" for t in instance.tranches]
    aims = [f"{t.metric},{t.region},{t.target}" for t in instance.targets]
    regions = [f"{region},北,North" for region in instance.regions]
    return {
        "case.toml": "".join(parts),
        "coefficients.csv": "\n".join(["region,programme,tranche,width,output_per_unit,jobs_per_unit", *funds]),
        "regions.csv": "\n".join(["region,name_zh,name_en", *regions]),
        "targets.csv": "\n".join(["metric,region,target", *aims]),
    }


def run(folder: Path, seconds: str, language: str = "en"):
    file = small(folder / "case", toml(hard()))
    return CliRunner().invoke(
        app, ["run", str(file), "--time-limit", seconds, "--lang", language, "--out", str(folder / "out")]
    )


@pytest.mark.parametrize(("language", "words"), [("en", "time limit was hit"), ("zh-TW", "已達時間上限")])
def test_a_stopped_run_ends_with_4_and_says_so(tmp_path: Path, language, words):
    ran = run(tmp_path, "1", language)
    assert ran.exit_code == 4, ran.output
    assert words in ran.stdout
    told = written(tmp_path / "out" / "small" / "base")
    assert told["status"] == "stopped"
    assert told["certificate"]["stages"][0]["gap"] > 1e-6
    assert told["facts"]["smallest_budget"] is None
    said = "\n".join(findings(ResultDocument.model_validate(told), "en"))
    assert "No budget meets every target" not in said
    assert "not known" in said
    assert (tmp_path / "out" / "small" / "base" / "allocation.csv").exists()


def test_a_run_without_a_plan_in_time_ends_with_4_and_writes_nothing(tmp_path: Path):
    ran = run(tmp_path, "1e-9")
    assert ran.exit_code == 4
    assert "--time-limit" in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("gaps", "said", "bounded"),
    [
        ((1e-12, 0.0), "after all stages were solved", "better by 1e-09 at most"),
        ((0.25, None), "not proven to be the best", "first 0.25, second not known"),
    ],
)
def test_a_stopped_run_says_which_stages_are_open_and_by_how_much(tmp_path: Path, gaps, said, bounded):
    told = ResultDocument.model_validate(stopped_document(tmp_path))
    stages = tuple(
        WholeCertificate(stage=name, primal_violation=0.0, bound=None, gap=gap, exact=True)
        for name, gap in zip(("first", "second"), gaps, strict=True)
    )
    certificate = told.certificate.model_copy(update={"stages": stages})
    sentences = " ".join(findings(told.model_copy(update={"certificate": certificate}), "en"))
    assert said in sentences
    assert bounded in sentences


def stopped_document(folder: Path):
    assert run(folder, "1").exit_code == 4
    return written(folder / "out" / "small" / "base")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_a_limit_is_a_number_of_seconds_above_0(tmp_path: Path, seconds):
    ran = run(tmp_path, seconds)
    assert ran.exit_code == 2
    assert ran.stderr.startswith("--time-limit = ")


def drawn(folder: Path, seconds: str, language: str = "en"):
    """The hard case with a county a region, as a map."""
    codes = sorted(load().resolved.context.sources.statistics.counties | {"10016", "09020", "09007"})
    here, outside = codes[:6], codes[6:]
    regions = [f"r{k},北,North,{code}" for k, code in enumerate(here)]
    files = toml(hard())
    files["regions.csv"] = "\n".join(["region,name_zh,name_en,county_codes", *regions])
    files["case.toml"] += f"[geometry]\noutside = {outside}\n"
    file, out = small(folder / "case", files), folder / "map.html"
    return CliRunner().invoke(app, ["map", str(file), "--time-limit", seconds, "--lang", language, "-o", str(out)])


@pytest.mark.parametrize(("language", "words"), [("en", "time limit was hit"), ("zh-TW", "已達時間上限")])
def test_a_stopped_map_is_drawn_and_says_so(tmp_path: Path, language, words):
    ran = drawn(tmp_path, "1", language)
    assert ran.exit_code == 4, ran.output
    assert words in ran.stderr
    assert words in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_a_map_without_a_plan_in_time_is_not_drawn(tmp_path: Path):
    assert (drawn(tmp_path, "1e-9").exit_code, (tmp_path / "map.html").exists()) == (4, False)
    assert (drawn(tmp_path, "nan").exit_code, (tmp_path / "map.html").exists()) == (2, False)


# --- the built-in case and the starter -----------------------------------------------------------------------


def test_the_scenario_platforms_has_five_platforms_one_a_region_and_thirty_measures():
    loaded = load(scenario="platforms")
    facts = loaded.resolved.context.sources.facts
    instance = loaded.instance
    assert len(instance.platforms) == facts["platforms"].value == 5
    assert [p.region for p in instance.platforms] == list(instance.regions)
    assert sum(m.minimum for m in instance.measures) == facts["measures"].value == 30
    result = solve_case(loaded)
    # 5 platforms at 5 and 30 measures at 1 are 55 of the 712.5.
    spent = sum(result.plan.spend.values())
    assert float(spent) == pytest.approx(712.5 - 55)
    assert math.isclose(float(result.plan.spent), 712.5)
    base = solve_case(load())
    assert result.solution.stages[0].value > base.solution.stages[0].value


def test_every_feature_of_the_starter_is_right_when_it_is_uncommented(tmp_path: Path):
    file = make(tmp_path / "starter")
    head, _, rest = file.read_text().partition("# Rules of your own")
    features, _, tail = rest.partition("[geometry]\n")
    opened = re.sub(r"^# (\[|[a-z_]+ = )", r"\1", "# Rules of your own" + features, flags=re.MULTILINE)
    assert opened.count("\n[") == 10
    file.write_text(f"{head}{opened}[geometry]\n{tail}")
    loaded = load(file)
    instance = loaded.instance
    assert (len(instance.rules), len(instance.shares), len(instance.platforms), len(instance.measures)) == (
        2,
        1,
        1,
        1,
    )
    assert {t.kind for t in instance.targets} == {"", "growth", "per_head"}
    assert instance.spillovers
    assert solve_case(loaded).status is Status.OPTIMAL
