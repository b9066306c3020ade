"""A case from its files: the built-in case recomputed from its tables, scenarios, overrides, tables of one's own."""

from __future__ import annotations

import csv
import dataclasses
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from inputs import CASE, COEFFICIENTS, REGIONS, SMALL, TARGETS, loaded, small, write

from regionopt.case.case import Case, load
from regionopt.case.sources import data_folder
from regionopt.common.document import Standing
from regionopt.common.errors import InputError
from regionopt.common.units import scale
from regionopt.result.outputs import files
from regionopt.result.result import solve_case
from regionopt.result.rows import region_rows
from regionopt.run.starter import make

GEODATA = data_folder()
FIVE = ("capital", "tcm", "central", "south", "east")
ISLANDS = ("10016", "09020", "09007")


def rows(name: str) -> list[dict[str, str]]:
    """A table of geodata, read by the standard library alone."""
    with (GEODATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


FACTS = {row["fact"]: float(row["value"]) for row in rows("facts")}
COUNTIES = {row["region"]: row["county_codes"].split() for row in rows("regions")}
PROGRAMMES = rows("programmes")
SECTORS = {row["sector"]: row for row in rows("sectors")}


def statistic(indicator: str) -> dict[str, float]:
    """A county statistic summed over each region."""
    values = {row["county_code"]: float(row["value"]) for row in rows("statistics") if row["indicator"] == indicator}
    return {region: sum(values[code] for code in codes) for region, codes in COUNTIES.items()}


def share(indicator: str) -> dict[str, float]:
    """A region's share of a county statistic."""
    sums = statistic(indicator)
    return {region: value / sum(sums.values()) for region, value in sums.items()}


def number(case: Case, path: str) -> float:
    """A number of a case by its path."""
    return case.resolved.numbers[path].value


@pytest.fixture(scope="module")
def base() -> Case:
    return load()


# --- the built-in case ---------------------------------------------------------------------------------------


def test_facts_are_those_of_the_model() -> None:
    """model.md: 7 trillion and 324,000; 47.5 bn a year over 2026-2040; levels are the median of three parks."""
    assert FACTS["target_output"] == 7000
    assert FACTS["target_jobs"] == 324_000
    years = FACTS["horizon_last"] - FACTS["horizon_first"] + 1
    assert FACTS["budget_total"] == FACTS["budget_rate"] * years == 712.5
    assert FACTS["budget_rate"] == FACTS["budget_announced"] / FACTS["budget_years_announced"]
    parks = ("shalun", "ciaotou", "central2")
    for metric, level in (("output", 9.7), ("jobs", 285.0)):
        assert FACTS[f"return_{metric}_level"] == level
        assert statistics.median(FACTS[f"return_{metric}_{park}"] for park in parks) == level
    assert [FACTS[f"tranche_width_{k}"] for k in (1, 2, 3)] == [0.75, 0.75, 1.5]
    assert [FACTS[f"tranche_return_{k}"] for k in (1, 2, 3)] == [1.0, 0.6, 0.3]


def test_regions_are_five_with_their_counties(base: Case) -> None:
    """19 of 22 counties are in the five regions, the three offshore ones in none."""
    assert tuple(region.id for region in base.regions) == FIVE
    assert {region.id: list(region.counties) for region in base.regions} == COUNTIES
    assert sum(map(len, COUNTIES.values())) == 19
    assert base.document.geometry.outside == ISLANDS
    assert base.regions[0].name_zh == "首都圈黃金廊帶"


def test_output_targets_split_by_output_weight(base: Case) -> None:
    """The blend gives the capital region the document's 36 % of 7,000 exactly; the rest sums to 7,000."""
    for region, part in share("output_weight").items():
        assert number(base, f"targets.output.{region}") == pytest.approx(7000 * part, rel=1e-12)
    assert number(base, "targets.output.capital") == pytest.approx(0.36 * 7000, rel=1e-12)
    assert sum(number(base, f"targets.output.{region}") for region in FIVE) == pytest.approx(7000, rel=1e-12)


def test_output_weight_is_the_blend_of_employment_times_pay_and_income() -> None:
    """w·share(employed × median pay) + (1 - w)·share(taxable income), w solved for the capital's 36 %."""
    by: dict[str, dict[str, float]] = {}
    for row in rows("statistics"):
        by.setdefault(row["indicator"], {})[row["county_code"]] = float(row["value"])
    codes = [code for counties in COUNTIES.values() for code in counties]
    work = {code: by["employed_residents"][code] * by["median_pay"][code] for code in codes}
    income = {code: by["taxable_income"][code] for code in codes}
    paid = {code: work[code] / sum(work.values()) for code in codes}
    taxed = {code: income[code] / sum(income.values()) for code in codes}
    capital = COUNTIES["capital"]
    low, high = sum(paid[c] for c in capital), sum(taxed[c] for c in capital)
    w = (FACTS["capital_output_share"] - high) / (low - high)
    assert 0 < w < 1
    for code in codes:
        assert by["output_weight"][code] == pytest.approx(w * paid[code] + (1 - w) * taxed[code], rel=1e-9)


def test_jobs_targets_split_by_employed_residents(base: Case) -> None:
    for region, part in share("employed_residents").items():
        assert number(base, f"targets.jobs.{region}") == pytest.approx(324_000 * part, rel=1e-12)


def test_widths_are_multiples_of_a_programmes_equal_part(base: Case) -> None:
    """0.75, 0.75 and 1.5 times reference budget × region's share / its programmes: three times the budget in all."""
    part = share("employed_residents")
    for programme in PROGRAMMES:
        region = programme["region"]
        count = sum(other["region"] == region for other in PROGRAMMES)
        for k, factor in enumerate((0.75, 0.75, 1.5), start=1):
            path = f"widths.{region}.{programme['programme']}.{k}"
            assert number(base, path) == pytest.approx(factor * 712.5 * part[region] / count, rel=1e-12)
    assert sum(tranche.width for tranche in base.instance.tranches) == pytest.approx(3 * 712.5, rel=1e-12)


@pytest.mark.parametrize(
    ("metric", "level", "column"), [("output", 9.7, "output_multiplier"), ("jobs", 285.0, "jobs_per_output")]
)
def test_returns_vary_with_the_sector_around_the_level(base: Case, metric: str, level: float, column: str) -> None:
    """level × sector / mean over 20 programmes × 1, 0.6, 0.3; so first tranches average to the level."""
    values = [float(SECTORS[p["sector"]][column]) for p in PROGRAMMES]
    mean = sum(values) / 20
    first = []
    for programme, value in zip(PROGRAMMES, values, strict=True):
        key = f"{programme['region']}.{programme['programme']}"
        for k, factor in enumerate((1.0, 0.6, 0.3), start=1):
            expected = level * value / mean * factor
            assert number(base, f"returns.{metric}.{key}.{k}") == pytest.approx(expected, rel=1e-12)
        first.append(number(base, f"returns.{metric}.{key}.1"))
    assert len(first) == 20
    assert sum(first) / 20 == pytest.approx(level, rel=1e-12)


def test_reference_is_pro_rata_to_employed_residents_and_follows_the_budget(base: Case) -> None:
    for region, part in share("employed_residents").items():
        assert number(base, f"reference.{region}") == pytest.approx(712.5 * part, rel=1e-12)
        assert number(base.but(budget__total=190), f"reference.{region}") == pytest.approx(190 * part, rel=1e-12)


def test_population_is_the_sum_over_counties(base: Case) -> None:
    for region, people in statistic("population").items():
        assert number(base, f"population.{region}") == people


def test_every_number_has_unit_source_and_standing(base: Case) -> None:
    """The weakest standing is assumption, as that of the levels is; a split of an official total is not official."""
    numbers = base.resolved.numbers
    assert len([path for path in numbers if path.split(".")[0] in ("targets", "widths", "reference")]) >= 75
    for path, quantity in numbers.items():
        assert quantity.unit, path
        assert quantity.source, path
        assert quantity.status in Standing
    assert numbers["targets.jobs.total"].status is Standing.OFFICIAL
    assert numbers["targets.jobs.east"].status is not Standing.OFFICIAL
    assert numbers["returns.jobs.east." + PROGRAMMES[-1]["programme"] + ".1"].status is Standing.ASSUMPTION
    assert sum(base.standings().values()) == len(numbers)


def test_instance_holds_the_numbers_of_the_case(base: Case) -> None:
    instance = base.instance
    assert (len(instance.tranches), len(instance.targets), instance.limits) == (60, 10, ())
    assert instance.stages == ("worst_shortfall", "total_shortfall", "nearest_reference")
    assert instance.weights == {"output": 1.0, "jobs": 1.0}
    assert (instance.budget, instance.give_away) == (712.5, 0.0)
    assert not any(target.must for target in instance.targets)


# --- named scenarios -----------------------------------------------------------------------------------------


def test_announced_changes_the_budget_only(base: Case) -> None:
    announced = load(scenario="announced")
    assert announced.instance == dataclasses.replace(
        base.instance, budget=190.0, reference=announced.instance.reference
    )
    assert sum(announced.instance.reference.values()) == pytest.approx(190)


@pytest.mark.parametrize(
    ("scenario", "output", "jobs", "budget"),
    [("conservative", 1.08, 300.0, 190.0), ("promoters-high", 18.3, 285.0, 712.5)],
)
def test_scenarios_of_returns(scenario: str, output: float, jobs: float, budget: float) -> None:
    """First tranches average to the level; widths stay as they are measured by the reference budget."""
    case = load(scenario=scenario)
    first = [tranche for tranche in case.instance.tranches if tranche.tranche == 1]
    assert sum(t.returns["output"] for t in first) / 20 == pytest.approx(output, rel=1e-12)
    assert sum(t.returns["jobs"] for t in first) / 20 == pytest.approx(jobs, rel=1e-12)
    assert case.instance.budget == budget
    assert sum(t.width for t in case.instance.tranches) == pytest.approx(3 * 712.5)


def test_conservative_reaches_little_and_says_so() -> None:
    """190 × 1.08 is 2.9 % of 7,000; 190 × 300 would be 17.6 % of 324,000, but output is what falls short most, and
    the programmes with the highest output per unit of money have fewer jobs: 13.4 %."""
    result = solve_case(load(scenario="conservative"))
    reached = {
        m: float(sum(v for (metric, _), v in result.plan.gained.items() if metric == m)) for m in ("output", "jobs")
    }
    assert reached["output"] / 7000 == pytest.approx(0.033, abs=0.004)
    assert reached["jobs"] / 324_000 == pytest.approx(0.134, abs=0.004)


def test_equal_split() -> None:
    case = load(scenario="equal-split-targets")
    for region in FIVE:
        assert number(case, f"targets.output.{region}") == pytest.approx(1400)
        assert number(case, f"targets.jobs.{region}") == pytest.approx(64_800)


def test_population_split() -> None:
    case = load(scenario="population-split-targets")
    for region, part in share("population").items():
        assert number(case, f"targets.output.{region}") == pytest.approx(7000 * part)
        assert number(case, f"targets.jobs.{region}") == pytest.approx(324_000 * part)


def test_east_floor_is_five_percent_and_follows_the_budget() -> None:
    (limit,) = load(scenario="east-floor").instance.limits
    assert (limit.region, limit.floor_share) == ("east", 0.05)
    assert limit.floor(712.5) == pytest.approx(35.625)
    assert limit.floor(190) == pytest.approx(9.5)


def test_scenarios_are_those_of_the_model(base: Case) -> None:
    assert set(base.document.scenarios) == {
        "announced", "conservative", "promoters-high", "east-floor", "equal-split-targets",
        "population-split-targets", "yearly", "platforms",
    }  # fmt: skip


# --- overrides -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "budget"),
    [
        ("800", 800), ("+50", 150), ("-50", 50), ("0.9x", 90), ("1.5 x", 150), ("2×", 200), ("1e2x", 10_000),
        ("1_000", 1000), ("{ value = 7, source = 'me', status = 'press' }", 7), ("0x10", 16), (" 8 ", 8), ("- 5", 95),
        (".5x", 50),
    ],
)  # fmt: skip
def test_set_add_and_scale(tmp_path: Path, value: str, budget: float) -> None:
    """From a budget of 100."""
    assert loaded(tmp_path, None, f"budget.total={value}").instance.budget == pytest.approx(budget)


def test_patches_apply_in_their_order(tmp_path: Path) -> None:
    """(100 + 50) · 2 = 300, but 100 · 2 + 50 = 250; a later set wins over all before."""
    add, scale_up = "budget.total=+50", "budget.total=2x"
    assert loaded(tmp_path, None, add, scale_up).instance.budget == 300
    assert loaded(tmp_path, None, scale_up, add).instance.budget == 250
    assert loaded(tmp_path, None, add, scale_up, "budget.total=7").instance.budget == 7


def test_scenarios_apply_before_sets_and_in_their_order(tmp_path: Path) -> None:
    more = (
        "[overrides]\nplus.'budget.total' = '+50'\ntwice.budget.total = '2x'\n[scenarios]\nboth = ['plus', 'twice']\n"
    )
    path = small(tmp_path, {"case.toml": CASE + more})
    assert load(path, "both").instance.budget == 300
    assert load(path, "twice,plus").instance.budget == 250
    assert load(path, "twice, plus").name == "twice+plus"
    assert load(path, "both", ["budget.total=+1"]).instance.budget == 301
    assert load(path, "base").instance.budget == 100


def test_wildcard_scales_every_return_of_a_metric_in_tables(tmp_path: Path) -> None:
    before, after = loaded(tmp_path).instance, loaded(tmp_path, None, "returns.jobs.*=0.5x").instance
    assert [t.returns["jobs"] for t in after.tranches] == [0.5 * t.returns["jobs"] for t in before.tranches]
    assert [t.returns["output"] for t in after.tranches] == [t.returns["output"] for t in before.tranches]


def test_wildcard_scales_computed_returns_of_the_built_in_case(base: Case) -> None:
    case = load(sets=["returns.jobs.*=0.9x"])
    for old, new in zip(base.instance.tranches, case.instance.tranches, strict=True):
        assert new.returns["jobs"] == pytest.approx(0.9 * old.returns["jobs"])
        assert (new.width, new.returns["output"]) == (old.width, old.returns["output"])


def test_computed_numbers_follow_what_they_are_computed_from(base: Case) -> None:
    """A national target of 700 instead of 7,000 splits by the same shares."""
    case = load(sets=["targets.output.total=700"])
    for region in FIVE:
        assert number(case, f"targets.output.{region}") == pytest.approx(
            number(base, f"targets.output.{region}") / 10
        )


def test_a_single_return_a_target_and_a_limit_can_be_set(tmp_path: Path) -> None:
    case = loaded(tmp_path, None, "returns.jobs.south.farms.1=7", "targets.jobs.south=9", "regions.south.ceiling=5")
    assert case.instance.tranches[2].returns == {"output": 1.0, "jobs": 7.0}
    assert case.instance.targets[2].target == 9
    assert case.instance.limits[0].ceiling(100) == 5


def test_an_override_sets_a_list_and_a_text(tmp_path: Path) -> None:
    more = "[overrides.frugal]\n'objective.stages' = ['worst_shortfall', 'spend']\n'case.currency_unit' = '億元'\n"
    case = load(small(tmp_path, {"case.toml": CASE + more}), "frugal")
    assert case.instance.stages == ("worst_shortfall", "spend")
    assert case.resolved.context.currency == "億元"
    assert loaded(tmp_path, None, "objective.stages=spend,jobs").instance.stages == ("spend", "jobs")
    assert loaded(tmp_path, None, 'objective.stages=["jobs"]').instance.stages == ("jobs",)


def test_changes_say_old_new_and_by_whom(tmp_path: Path) -> None:
    case = loaded(tmp_path, None, "budget.total=+50", "widths.north.labs.1=2x", "regions.south.floor=3")
    told = [(change.path, change.old, change.new, change.by) for change in case.resolved.changes]
    assert told == [
        ("budget.total", 100.0, 150.0, "--set"),
        ("regions.south.floor", None, 3.0, "--set"),
        ("widths.north.labs.1", 40.0, 80.0, "--set"),
    ]
    assert case.resolved.numbers["widths.north.labs.1"].status is Standing.ASSUMPTION


def test_but_is_a_copy(base: Case) -> None:
    more = base.but(budget__total=800)
    assert (more.instance.budget, base.instance.budget) == (800.0, 712.5)
    assert more.name == "base~budget.total=800"
    assert more.but(budget__total="0.5x").instance.budget == 400
    assert load(sets=["budget.total=800"]).instance == more.instance


def test_a_case_is_frozen(base: Case) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.scenario = "other"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.instance.budget = 1.0  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        base.document.case.id = "other"


@pytest.mark.parametrize(
    ("sets", "name"),
    [
        (["budget.total=190"], "base~budget.total=190"),
        (["budget.total=190.5"], "base~budget.total=190.5"),
        (["budget.total=+5", "returns.jobs.*=0.9x"], "base~budget.total=+5~returns.jobs.*=0.9x"),
        (["targets.jobs.must=true"], "base~targets.jobs.must=true"),
        (["objective.stages=spend,jobs"], "base~objective.stages=spend,jobs"),
    ],
)
def test_names_of_what_ifs(tmp_path: Path, sets: list[str], name: str) -> None:
    assert loaded(tmp_path, None, *sets).name == name


# --- numbers in the case file --------------------------------------------------------------------------------


def test_a_number_may_carry_its_source_and_standing(tmp_path: Path) -> None:
    stated = "total = { value = 100, source = 'Ministry', date = '2026', status = 'official', unit = 'NT$ bn' }"
    quantity = loaded(tmp_path, {"case.toml": CASE.replace("total = 100", stated)}).resolved.stated["budget.total"]
    assert (quantity.value, quantity.source, quantity.status.value) == (100.0, "Ministry", "official")
    assert (quantity.date, quantity.unit) == ("2026", "NT$ bn")


def test_a_number_may_be_named_from_facts_of_ones_own(tmp_path: Path) -> None:
    changes = {
        "case.toml": CASE.replace("total = 100", "total = { fact = 'money' }"),
        "facts.csv": "fact,value,unit,source,status\nmoney,55,NT$ billion,Cabinet,press\n",
    }
    quantity = loaded(tmp_path, changes).resolved.stated["budget.total"]
    assert (quantity.value, quantity.source, quantity.status.value) == (55.0, "Cabinet", "press")


def test_a_plain_number_is_an_assumption_from_the_case_file(tmp_path: Path) -> None:
    quantity = loaded(tmp_path).resolved.stated["budget.total"]
    assert (quantity.source, quantity.unit, quantity.status.value) == ("case.toml", "NT$ billion", "assumption")


@pytest.mark.parametrize(
    ("unit", "single"),
    [("NT$ billion", 1e9), ("EUR million", 1e6), ("億元", 1e8), ("新臺幣百萬元", 1e6), ("元", 1.0), ("beads", 1.0)],
)
def test_limits_per_head_are_in_single_units(tmp_path: Path, unit: str, single: float) -> None:
    """2 million residents at 3 a head are 6 million single units; the stricter of fixed and per head counts."""
    assert scale(unit) == single
    changes = {
        "case.toml": CASE.replace("[budget]", f'currency_unit = "{unit}"\n[budget]').replace("100", "1e8")
        + "[regions.north]\nfloor = 1e-9\nfloor_per_head = 3\nceiling_per_head = 9\nceiling = 1e9\n",
        "regions.csv": "region,name_zh,name_en,population\nnorth,北,North,2000000\nsouth,南,South,\n",
    }
    (limit,) = loaded(tmp_path, changes).instance.limits
    assert limit.floor(1e8) == pytest.approx(6e6 / single)
    assert limit.ceiling(1e8) == pytest.approx(min(18e6 / single, 1e9))


def test_the_stricter_limit_counts(tmp_path: Path) -> None:
    """Floors 20 and 30 % of 100: 30. Ceilings 50 and 40 %: 40. At a budget of 50: 20 and 20."""
    limits = "[regions.north]\nfloor = 20\nfloor_share = 0.3\nceiling = 50\nceiling_share = 0.4\n"
    (limit,) = loaded(tmp_path, {"case.toml": CASE + limits}).instance.limits
    assert (limit.floor(100), limit.ceiling(100)) == (30, 40)
    assert (limit.floor(50), limit.ceiling(50)) == (20, 20)


def test_must_by_table_by_metric_and_by_region(tmp_path: Path) -> None:
    table = {"targets.csv": "metric,region,target,must\njobs,north,3,TRUE\njobs,south,4,0\noutput,south,5,1\n"}
    assert [t.must for t in loaded(tmp_path, table).instance.targets] == [True, False, True]
    some = {"case.toml": CASE + "[targets.jobs]\nmust = ['south']\n"}
    assert [t.must for t in loaded(tmp_path, some).instance.targets] == [False, False, True]
    asked = loaded(tmp_path, None, "targets.jobs.must=north", "targets.output.must=true")
    assert [t.must for t in asked.instance.targets] == [True, True, False]
    every = {"case.toml": CASE + "[targets.jobs]\nmust = true\n"}
    assert [t.must for t in loaded(tmp_path, every).instance.targets] == [False, True, True]


# --- tables of one's own -------------------------------------------------------------------------------------


def test_tables_beside_the_case_file_are_read(tmp_path: Path) -> None:
    instance = loaded(tmp_path).instance
    assert instance.regions == ("north", "south")
    assert [(t.programme, t.tranche, t.width) for t in instance.tranches] == [
        ("labs", 1, 40.0), ("labs", 2, 40.0), ("farms", 1, 80.0),
    ]  # fmt: skip
    assert [(t.metric, t.region, t.target) for t in instance.targets] == [
        ("output", "north", 200.0), ("jobs", "north", 300.0), ("jobs", "south", 400.0),
    ]  # fmt: skip
    assert instance.reference == {"north": 50.0, "south": 50.0}


def test_tables_may_be_named_and_lie_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "tables", {"a.csv": COEFFICIENTS.replace("farms", "ports")})
    more = '[tables]\ncoefficients = "tables/a.csv"\n'
    case = loaded(tmp_path / "case", {"case.toml": CASE + more.replace("tables/", "../tables/")})
    assert case.instance.tranches[2].programme == "ports"


def test_a_reference_plan_from_the_table(tmp_path: Path) -> None:
    changes = {
        "case.toml": CASE.replace('"equal"', '"table"'),
        "regions.csv": "region,name_zh,name_en,reference\nnorth,北,North,70\nsouth,南,South,30\n",
    }
    assert loaded(tmp_path, changes).instance.reference == {"north": 70.0, "south": 30.0}


def as_workbook(path: Path, *tables: tuple[str, str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, content in tables:
        page = book.create_sheet(sheet)
        for row in csv.reader(content.splitlines()):
            page.append([float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in row])
    book.save(path)


def test_a_workbook_reads_the_same(tmp_path: Path) -> None:
    """One workbook with three sheets, or one sheet of any name beside the case file."""
    plain = loaded(tmp_path / "csv")
    named = '[tables]\nregions = "book.xlsx"\ncoefficients = "book.xlsx"\ntargets = "book.xlsx"\n'
    folder = tmp_path / "xlsx"
    write(folder, {"case.toml": CASE + named})
    tables = (("regions", REGIONS), ("coefficients", COEFFICIENTS), ("targets", TARGETS))
    as_workbook(folder / "book.xlsx", *tables)
    assert load(folder).instance == plain.instance
    beside = small(tmp_path / "beside", {"coefficients.csv": None})
    as_workbook(beside.parent / "coefficients.xlsx", ("Sheet1", COEFFICIENTS))
    assert load(beside).instance == plain.instance


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
    ],
    ids=["BOM", "CRLF", "both", "no last line end", "empty lines"],
)
def test_what_windows_and_excel_write_reads_the_same(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    spoilt = {name: spoil(content) for name, content in SMALL.items()}
    assert loaded(tmp_path / "spoilt", spoilt).instance == loaded(tmp_path / "plain").instance


def test_empty_columns_and_cells_at_the_end_are_passed_over(tmp_path: Path) -> None:
    """Spreadsheets save them."""
    table = "".join(f"{line},,\n" for line in COEFFICIENTS.splitlines())
    assert loaded(tmp_path / "a", {"coefficients.csv": table}).instance == loaded(tmp_path / "b").instance


def test_a_results_tables_are_the_input_of_the_same_plan(tmp_path: Path) -> None:
    """The built-in case with the coefficients and targets that its own result wrote."""
    first = files(solve_case(load()))
    shutil.copy(GEODATA / "taiwan-2040.toml", tmp_path / "taiwan-2040.toml")
    for name in ("coefficients.csv", "targets.csv"):
        (tmp_path / name).write_bytes(first[name])
    again = load(tmp_path / "taiwan-2040.toml")
    assert again.instance == load().instance
    second = files(solve_case(again))
    for name in ("coefficients.csv", "targets.csv", "limits.csv", "allocation.csv"):
        assert second[name] == first[name], name


def test_the_starter_has_the_built_in_numbers(tmp_path: Path, base: Case) -> None:
    """The starter is the built-in case as tables, with a floor of 2 % for the east."""
    starter = load(make(tmp_path / "starter"))
    (limit,) = starter.instance.limits
    assert (limit.region, limit.floor_share) == ("east", 0.02)
    assert dataclasses.replace(starter.instance, limits=()) == base.instance


def test_jobs_targets_alone_are_enough(tmp_path: Path) -> None:
    case = loaded(tmp_path, {"targets.csv": "metric,region,target\njobs,south,10\n"})
    result = solve_case(case)
    assert result.status == "optimal"
    assert {row["output_target"] for row in region_rows(result)} == {None}


def test_only_coefficients_and_targets_are_given(tmp_path: Path) -> None:
    """Regions, counties and statistics are then the built-in ones."""
    header = COEFFICIENTS.splitlines()[0]
    case_file = (
        '[case]\nid = "few"\ntitle = "few"\n[budget]\ntotal = 5\n[geometry]\noutside = ["10016", "09020", "09007"]\n'
    )
    write(
        tmp_path,
        {
            "case.toml": case_file,
            "coefficients.csv": f"{header}\neast,labs,1,10,1,2\n",
            "targets.csv": "metric,region,target\njobs,east,20\n",
        },
    )
    result = solve_case(load(tmp_path))
    assert [float(money) for money in result.plan.allocated.values()] == pytest.approx([0, 0, 0, 0, 5], abs=1e-6)


def test_a_stage_of_spending_alone_spends_nothing(tmp_path: Path) -> None:
    result = solve_case(loaded(tmp_path, None, "objective.stages=spend"))
    assert sum(result.plan.allocated.values()) == 0


def test_statistics_are_not_needed_where_no_stage_asks_for_a_reference(tmp_path: Path) -> None:
    """Without counties there is no pro-rata plan; the result then has none, instead of a 0."""
    text = CASE.replace('reference = "equal"\n', "").replace(', "nearest_reference"', "")
    result = solve_case(loaded(tmp_path, {"case.toml": text}))
    assert result.status == "optimal"
    assert {row["reference"] for row in region_rows(result)} == {None}


def test_sixty_regions(tmp_path: Path) -> None:
    """Sixty equal regions share a budget of 120 equally: 2 each."""
    ids = [f"r{k:02}" for k in range(60)]
    header, regions = COEFFICIENTS.splitlines()[0], REGIONS.splitlines()[0]
    changes = {
        "case.toml": CASE.replace("total = 100", "total = 120"),
        "regions.csv": "\n".join([regions, *(f"{name},區,Region" for name in ids)]),
        "coefficients.csv": "\n".join([header, *(f"{name},labs,1,5,1,1" for name in ids)]),
        "targets.csv": "\n".join(["metric,region,target", *(f"jobs,{name},10" for name in ids)]),
    }
    result = solve_case(loaded(tmp_path, changes))
    assert {round(float(money), 6) for money in result.plan.allocated.values()} == {2.0}


def test_a_folder_stands_for_its_case_file(tmp_path: Path) -> None:
    path = small(tmp_path / "路徑 with spaces")
    assert load(path.parent).instance == load(path).instance


def test_a_file_of_the_same_name_wins_over_the_built_in_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path / "taiwan-2040")
    monkeypatch.chdir(tmp_path)
    assert load("taiwan-2040").document.case.id == "small"


def test_problems_are_raised_when_the_case_is_asked_for_its_numbers(tmp_path: Path) -> None:
    """Whichever is asked first, numbers or program, all problems come: a negative target and a rising return."""
    changes = {
        "targets.csv": TARGETS.replace("200", "-200"),
        "coefficients.csv": COEFFICIENTS.replace("40,1,2", "40,1,9"),
    }
    for ask in (lambda case: case.resolved, lambda case: case.instance):
        with pytest.raises(InputError) as caught:
            ask(loaded(tmp_path, changes))
        assert [problem.code for problem in caught.value.problems] == ["too_small", "returns_rise"]
