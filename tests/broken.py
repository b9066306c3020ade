"""Broken inputs, each with every problem that is expected of it: what `test_bad_input` runs through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inputs import CASE, COEFFICIENTS, REGIONS, TARGETS, Content


@dataclass(frozen=True)
class Broken:
    """A broken input, and every problem that is expected of it: code, place, value as quoted (None: not asked)."""

    name: str
    expected: Sequence[tuple[str, str, str | None]]
    files: Mapping[str, Content] = field(default_factory=dict)
    sets: Sequence[str] = ()
    scenario: str = "base"


def toml(name: str, text: str, *expected: tuple[str, str, str | None]) -> Broken:
    """The small case with text at its end."""
    return Broken(name, expected, {"case.toml": CASE + text})


def swapped(name: str, old: str, new: str, *expected: tuple[str, str, str | None]) -> Broken:
    """The small case with a part of its case file replaced."""
    assert old in CASE
    return Broken(name, expected, {"case.toml": CASE.replace(old, new)})


def total(value: str, code: str, shown: str | None, place: str = "case.toml: budget.total") -> Broken:
    """Another number for the budget."""
    return swapped(f"budget {value[:20]}", "total = 100", f"total = {value}", (code, place, shown))


def table(name: str, file: str, content: Content, *expected: tuple[str, str, str | None]) -> Broken:
    """Another table."""
    return Broken(name, expected, {file: content})


def cell(value: str, code: str, shown: str | None) -> Broken:
    """Another width in the first row of coefficients.csv."""
    quoted = f'"{value}"' if "," in value else value
    return table(
        f"width {value[:12]}",
        "coefficients.csv",
        COEFFICIENTS.replace("labs,1,40,", f"labs,1,{quoted},"),
        (code, "coefficients.csv line 2, width", shown),
    )


def setting(text: str, *expected: tuple[str, str, str | None]) -> Broken:
    """A `--set` on the small case."""
    return Broken(f"--set {text[:30]}", expected, {}, [text])


def override(text: str, *expected: tuple[str, str, str | None]) -> Broken:
    """A named override `x` that is asked for."""
    return Broken(f"override {text[:40]}", expected, {"case.toml": f"{CASE}[overrides.x]\n{text}\n"}, (), "x")


HEADER = COEFFICIENTS.splitlines()[0]
NINES = "9" * 400
CASE_FILES = [
    table(
        "empty",
        "case.toml",
        "objective.reference = 'equal'",
        ("missing_key", "case.toml: case", None),
        ("number_missing", "case.toml: budget.total", None),
    ),
    table("no TOML", "case.toml", "[case\n", ("broken_toml", "case.toml", None)),
    table("NUL", "case.toml", "a = '\0'", ("broken_toml", "case.toml", None)),
    table(
        "key twice",
        "case.toml",
        CASE.replace("total = 100", "total = 1\ntotal = 2"),
        ("broken_toml", "case.toml", None),
    ),
    table("deep lists", "case.toml", "a = " + "[" * 5000 + "]" * 5000, ("broken_toml", "case.toml", None)),
    table(
        "deep keys",
        "case.toml",
        CASE + "[overrides.x]\n" + ".".join(["a"] * 5000) + " = 1",
        ("too_deep", "case.toml", None),
    ),
    table("endless number", "case.toml", CASE.replace("100", "9" * 5000), ("broken_toml", "case.toml", None)),
    table("Big5", "case.toml", CASE.encode("big5"), ("not_utf8", "case.toml byte", None)),
    table("UTF-16", "case.toml", CASE.encode("utf-16"), ("not_utf8", "case.toml byte 1", "0xff")),
    swapped("no id", 'id = "small"', "", ("missing_key", "case.toml: case.id", None)),
    swapped("one language", 'zh = "小案例", ', "", ("missing_key", "case.toml: case.title.zh", None)),
    swapped("title of numbers", '{ zh = "小案例", en = "Small case" }', "5", ("wrong_kind", "case.title", "5")),
    swapped("empty unit", "[budget]", 'currency_unit = ""\n[budget]', ("bad_text", "case.currency_unit", "")),
    swapped(
        "long unit", "[budget]", f'currency_unit = "{"x" * 41}"\n[budget]', ("bad_text", "case.currency_unit", None)
    ),
    *(
        swapped(f"id {bad}", '"small"', f'"{bad}"', ("bad_name", "case.toml: case.id", bad))
        for bad in ("..", ".", "A b", "a" * 61, "", "東", "a/b", "a\\\\b", "-a", "a\\n")
        if "\\" not in bad
    ),
    swapped(
        "section is a number",
        '[case]\nid = "small"',
        'case = 1\n[cases]\nid = "small"',
        ("wrong_kind", "case.toml: case", "1"),
        ("unknown_key", "case.toml: cases", None),
    ),
]

UNKNOWN_KEYS = [
    swapped(
        "top",
        "[budget]",
        "[budgett]",
        ("unknown_key", "case.toml: budgett", None),
        ("number_missing", "budget.total", None),
    ),
    swapped("case", 'id = "small"', 'id = "small"\ntitel = "x"', ("unknown_key", "case.toml: case.titel", "x")),
    swapped("title", "zh =", 'fr = "x", zh =', ("unknown_key", "case.toml: case.title.fr", "x")),
    swapped("budget", "total = 100", "total = 100\ntotl = 1", ("unknown_key", "case.toml: budget.totl", "1")),
    swapped(
        "number", "total = 100", "total = { value = 1, sourc = 'x' }", ("unknown_key", "budget.total.sourc", "x")
    ),
    swapped("objective", "stages =", "stage = 1\nstages =", ("unknown_key", "case.toml: objective.stage", "1")),
    toml("weights", "[objective.weights]\njob = 1\n", ("unknown_key", "case.toml: objective.weights.job", "1")),
    toml("targets", "[targets.job]\n", ("unknown_key", "case.toml: targets.job", None)),
    toml("target", "[targets.jobs]\nmst = true\n", ("unknown_key", "case.toml: targets.jobs.mst", "True")),
    toml("returns", "[returns]\nlevels = 1\n", ("unknown_key", "case.toml: returns.levels", "1")),
    toml("level", "[returns.level]\njob = 1\n", ("unknown_key", "case.toml: returns.level.job", "1")),
    toml("region", "[regions.north]\nflor = 1\n", ("unknown_key", "case.toml: regions.north.flor", "1")),
    toml("tables", "[tables]\nregion = 'x'\n", ("unknown_key", "case.toml: tables.region", "x")),
    toml("geometry", "[geometry]\ncsr = 'x'\n", ("unknown_key", "case.toml: geometry.csr", "x")),
]

NUMBERS = [
    total("-5", "too_small_open", "-5.0"),
    total("0", "too_small_open", "0.0"),
    total("nan", "not_finite", "nan"),
    total("inf", "not_finite", "inf"),
    total("-inf", "not_finite", "-inf"),
    total("1e400", "not_finite", "inf"),
    total("1e12", "too_large", "1000000000000.0"),
    total(NINES, "wrong_kind", None, "case.toml: budget.total.value"),
    total("0x" + "F" * 5000, "wrong_kind", "…", "case.toml: budget.total.value"),
    total('"100"', "wrong_kind", "100"),
    total("true", "wrong_kind", "True"),
    total("[1]", "wrong_kind", "[1]"),
    total("2026-01-01", "wrong_kind", "2026-01-01"),
    total("{}", "no_value", None),
    total("{ source = 'x' }", "no_value", None),
    total("{ value = 1, fact = 'budget_total' }", "value_and_fact", "budget_total"),
    total("{ fact = 'budget_totl' }", "unknown_fact", "budget_totl"),
    total("{ fact = 5 }", "not_a_text", "5", "case.toml: budget.total.fact"),
    total("{ value = '1' }", "wrong_kind", "1", "case.toml: budget.total.value"),
    total("{ value = 1, status = 'guess' }", "bad_standing", "guess", "case.toml: budget.total.status"),
    total("{ value = 1, date = 2026-01-01 }", "not_a_text", "2026-01-01", "case.toml: budget.total.date"),
    swapped("no budget", "total = 100", "", ("number_missing", "case.toml: budget.total", None)),
    toml("weight", "[objective.weights]\njobs = -1\n", ("too_small", "objective.weights.jobs", "-1.0")),
    swapped("give away", "[objective]", "[objective]\ngive_away = 0.5", ("too_large", "objective.give_away", "0.5")),
    toml("floor", "[regions.north]\nfloor = -1\n", ("too_small", "case.toml: regions.north.floor", "-1.0")),
    toml("share", "[regions.north]\nceiling_share = 1.5\n", ("too_large", "regions.north.ceiling_share", "1.5")),
    toml("region is a number", "[regions]\nnorth = 5\n", ("wrong_kind", "case.toml: regions.north", "5")),
]

NAMES = [
    swapped(
        "unknown stage", '"worst_shortfall"', '"worst"', ("unknown_stage", "case.toml: objective.stages", "worst")
    ),
    swapped(
        "no stage",
        '["worst_shortfall", "total_shortfall", "nearest_reference"]',
        "[]",
        ("no_stage", "objective.stages", None),
    ),
    swapped(
        "stage twice",
        '"total_shortfall"',
        '"worst_shortfall"',
        ("stage_twice", "objective.stages", "worst_shortfall"),
    ),
    swapped("stage of numbers", '"total_shortfall"', "1", ("not_a_text", "case.toml: objective.stages.2", "1")),
    swapped("statistic", '"equal"', '"populatoin"', ("unknown_statistic", "objective.reference", "populatoin")),
    swapped(
        "no reference in the table",
        '"equal"',
        '"table"',
        ("number_missing", "regions.csv line 2, reference", None),
        ("number_missing", "regions.csv line 3, reference", None),
    ),
    swapped(
        "statistic of no county",
        '"equal"',
        '"population"',
        ("statistic_missing", "objective.reference", "population"),
        ("statistic_missing", "objective.reference", "population"),
    ),
    toml("unknown region", "[regions.nroth]\nfloor = 1\n", ("unknown_region", "case.toml: regions.nroth", "nroth")),
    toml("must of nobody", "[targets.jobs]\nmust = ['nroth']\n", ("unknown_region", "targets.jobs.must", "nroth")),
    toml("must is a number", "[targets.jobs]\nmust = 1\n", ("not_a_flag", "case.toml: targets.jobs.must", "1")),
    toml("scenario names nothing", "[scenarios]\ns = ['x']\n", ("unknown_override", "case.toml: scenarios.s", "x")),
    toml("scenario is a number", "[scenarios]\ns = 5\n", ("wrong_kind", "case.toml: scenarios.s", "5")),
    toml("override is a number", "[overrides]\nx = 5\n", ("wrong_kind", "case.toml: overrides.x", "5")),
    Broken("unknown scenario", [("unknown_scenario", "case.toml", "bas")], scenario="bas"),
    Broken("empty scenario", [("unknown_scenario", "case.toml", "")], scenario=""),
    Broken(
        "scenario asked for names nothing",
        [("unknown_override", "scenarios.s", "x")],
        {"case.toml": CASE + "[scenarios]\ns = ['x']\n"},
        (),
        "s",
    ),
]

TABLES = [
    table("empty", "coefficients.csv", "", ("empty_table", "coefficients.csv", None)),
    table("BOM only", "coefficients.csv", "\ufeff", ("empty_table", "coefficients.csv", None)),
    table("header only", "coefficients.csv", HEADER, ("empty_table", "coefficients.csv", None)),
    table("blank lines", "targets.csv", "\n\n\n", ("empty_table", "targets.csv", None)),
    table("Big5", "regions.csv", REGIONS.encode("big5"), ("not_utf8", "regions.csv byte", None)),
    table("UTF-16", "targets.csv", TARGETS.encode("utf-16"), ("not_utf8", "targets.csv byte 1", "0xff")),
    table(
        "open quote",
        "targets.csv",
        'metric,region,target\njobs,"north,1\n',
        ("broken_table", "targets.csv line 2", None),
    ),
    table(
        "huge cell",
        "targets.csv",
        f'metric,region,target,source\njobs,north,1,"{"x" * 200_000}"\n',
        ("broken_table", "targets.csv line 2", None),
    ),
    table(
        "missing columns",
        "targets.csv",
        "metric,region\njobs,north\n",
        ("missing_column", "targets.csv line 1", None),
    ),
    table(
        "column twice",
        "targets.csv",
        "metric,region,target,target\njobs,north,1,2\n",
        ("duplicate_column", "targets.csv line 1", "target"),
    ),
    table(
        "unknown column",
        "targets.csv",
        "metric,region,target,taget\njobs,north,1,2\n",
        ("unknown_column", "targets.csv line 1", "taget"),
    ),
    table(
        "capital letters",
        "targets.csv",
        "Metric,region,target\njobs,north,1\n",
        ("unknown_column", "targets.csv line 1", "Metric"),
        ("missing_column", "targets.csv line 1", None),
    ),
    table(
        "semicolons",
        "targets.csv",
        "metric;region;target\njobs;north;1\n",
        ("unknown_column", "targets.csv line 1", "metric;region;target"),
        *[("missing_column", "targets.csv line 1", None)] * 3,
    ),
    table(
        "extra cell",
        "targets.csv",
        "metric,region,target\njobs,north,1,2\n",
        ("extra_cells", "targets.csv line 2", "2"),
    ),
    table(
        "comma in a number",
        "targets.csv",
        "metric,region,target\njobs,north,1,000\n",
        ("extra_cells", "targets.csv line 2", "000"),
    ),
    table(
        "short row",
        "targets.csv",
        "metric,region,target\njobs,north\n",
        ("empty_cell", "targets.csv line 2, target", None),
    ),
    table(
        "row twice", "targets.csv", TARGETS + "jobs,north,5,\n", ("duplicate_id", "targets.csv line 5", "jobs, north")
    ),
    table(
        "region twice", "regions.csv", REGIONS + "north,北,North\n", ("duplicate_id", "regions.csv line 4", "north")
    ),
    table(
        "tranche twice",
        "coefficients.csv",
        COEFFICIENTS + "south,farms,1,1,1,1\n",
        ("duplicate_id", "coefficients.csv line 5", "south, farms, 1"),
    ),
    table(
        "id",
        "regions.csv",
        REGIONS.replace("south", "Deep South"),
        ("bad_id", "regions.csv line 3, region", "Deep South"),
    ),
    table(
        "long id",
        "coefficients.csv",
        COEFFICIENTS.replace("farms", "f" * 41),
        ("bad_id", "coefficients.csv line 4, programme", "f" * 41),
    ),
    table(
        "Chinese id",
        "coefficients.csv",
        COEFFICIENTS.replace("farms", "農"),
        ("bad_id", "coefficients.csv line 4, programme", "農"),
    ),
    table("no name", "regions.csv", REGIONS.replace("北", ""), ("empty_cell", "regions.csv line 2, name_zh", None)),
    table(
        "zero target", "targets.csv", TARGETS.replace("200", "0"), ("too_small", "targets.csv line 2, target", "0")
    ),
    table(
        "negative target",
        "targets.csv",
        TARGETS.replace("200", "-2"),
        ("too_small", "targets.csv line 2, target", "-2"),
    ),
    table(
        "unknown metric",
        "targets.csv",
        TARGETS.replace("output", "outputs"),
        ("unknown_metric", "targets.csv line 2, metric", "outputs"),
    ),
    table(
        "unknown region",
        "targets.csv",
        TARGETS.replace("jobs,south", "jobs,souht"),
        ("unknown_region", "targets.csv line 4, region", "souht"),
    ),
    table(
        "must", "targets.csv", TARGETS.replace("false", "maybe"), ("not_a_flag", "targets.csv line 4, must", "maybe")
    ),
    table("no targets", "targets.csv", None, ("no_target", "case.toml: targets", None)),
    table(
        "unknown region of a tranche",
        "coefficients.csv",
        COEFFICIENTS.replace("south", "souht"),
        ("unknown_region", "coefficients.csv line 4, region", "souht"),
    ),
    table(
        "tranche 0",
        "coefficients.csv",
        COEFFICIENTS.replace("farms,1", "farms,0"),
        ("too_small", "coefficients.csv line 4, tranche", "0"),
    ),
    table(
        "half a tranche",
        "coefficients.csv",
        COEFFICIENTS.replace("farms,1", "farms,1.5"),
        ("not_a_count", "coefficients.csv line 4, tranche", "1.5"),
    ),
    table(
        "endless tranche",
        "coefficients.csv",
        COEFFICIENTS.replace("farms,1", f"farms,{'9' * 5000}"),
        ("not_a_count", "coefficients.csv line 4, tranche", None),
    ),
    table(
        "gap",
        "coefficients.csv",
        COEFFICIENTS.replace("labs,2", "labs,3"),
        ("tranche_numbers", "coefficients.csv line 2, tranche", "1, 3"),
    ),
    table(
        "returns rise",
        "coefficients.csv",
        COEFFICIENTS.replace("40,1,2", "40,2.5,2"),
        ("returns_rise", "coefficients.csv line 3, output_per_unit", "2.5"),
    ),
    table(
        "standing",
        "targets.csv",
        TARGETS.replace("must", "status").replace("false", "guess"),
        ("bad_standing", "targets.csv line 4, status", "guess"),
    ),
    table(
        "population",
        "regions.csv",
        "region,name_zh,name_en,population\nnorth,北,N,-1\nsouth,南,S,many\n",
        ("too_small", "regions.csv line 2, population", "-1"),
        ("not_a_number", "regions.csv line 3, population", "many"),
    ),
    Broken(
        "no population",
        [("population_missing", "regions.north.floor_per_head", None)],
        {"case.toml": CASE + "[regions.north]\nfloor_per_head = 1\n"},
    ),
    Broken(
        "programmes of other regions",
        [("unknown_region", "programmes.csv line", None)] * 16
        + [
            ("number_missing", "budget.reference", None),
            ("number_missing", "returns.level.output", None),
            ("number_missing", "returns.level.jobs", None),
            ("tranche_lists", "case.toml: returns", None),
        ],
        {"coefficients.csv": None},
    ),
    Broken(
        "named table missing",
        [("file_missing", "none.csv", None)],
        {"case.toml": CASE + "[tables]\ntargets = 'none.csv'\n"},
    ),
    Broken("table is a folder", [("file_unreadable", "", None)], {"case.toml": CASE + "[tables]\ntargets = '.'\n"}),
    Broken(
        "table of an impossible name",
        [("file_unreadable", "a\\x00b", None)],
        {"case.toml": CASE + '[tables]\ntargets = "a\\u0000b"\n'},
    ),
    Broken(
        "no workbook",
        [("broken_table", "t.xlsx", None)],
        {"case.toml": CASE + '[tables]\ntargets = "t.xlsx"\n', "t.xlsx": b"PK no zip"},
    ),
    Broken(
        "statistics of zero",
        [("statistic_zero", "case.toml: objective.reference", "beds")],
        {
            "case.toml": CASE.replace("equal", "beds"),
            "statistics.csv": "county_code,indicator,value\nA,beds,0\nB,beds,0\n",
            "regions.csv": "region,name_zh,name_en,county_codes\nnorth,北,N,A\nsouth,南,S,B\n",
        },
    ),
]
CELLS = [
    cell("-1", "too_small", "-1"),
    cell("nan", "not_finite", "nan"),
    cell("-inf", "not_finite", "-inf"),
    cell("Infinity", "not_finite", "Infinity"),
    cell("1e400", "not_finite", "1e400"),
    cell("1e10", "too_large", "1e10"),
    cell("abc", "not_a_number", "abc"),
    cell("1,000", "not_a_number", "1,000"),
    cell("1_000", "not_a_number", "1_000"),
    cell("１２", "not_a_number", "１２"),
    cell("0x10", "not_a_number", "0x10"),
    cell("1.5.2", "not_a_number", "1.5.2"),
    cell("'5", "not_a_number", "'5"),
    cell("#REF!", "not_a_number", "#REF!"),
    cell("9" * 5000, "not_finite", None),
    cell("", "empty_cell", None),
    cell("\x1b[31m", "not_a_number", "\\x1b[31m"),
]

LIMITS = [
    toml(
        "floors above the budget",
        "[regions.north]\nfloor = 60\n[regions.south]\nfloor_share = 0.5\n",
        ("floors_above_budget", "regions.*.floor", "110"),
    ),
    toml(
        "floor above ceiling",
        "[regions.north]\nfloor = 30\nceiling_share = 0.2\n",
        ("floor_above_ceiling", "regions.north", "30"),
    ),
]


def counties(name: str, outside: str, regions: str, *expected: tuple[str, str, str | None]) -> Broken:
    """A case on the built-in boundaries: codes outside the plan, and the rows of regions.csv."""
    listed = ", ".join(f'"{code}"' for code in outside.split())
    files: dict[str, Content] = {
        "case.toml": f'[case]\nid = "t"\ntitle = "t"\n[budget]\ntotal = 9\n[geometry]\noutside = [{listed}]\n',
        "coefficients.csv": f"{HEADER}\neast,labs,1,1,1,1\n",
        "targets.csv": "metric,region,target\njobs,east,1\n",
        "regions.csv": f"region,name_zh,name_en,county_codes\n{regions}",
    }
    return Broken(f"counties {name}", expected, files)


ISLANDS = "10016 09020 09007"
WEST = "63000 65000 10017 10002 68000 10004 10018 10005 66000 10007 10008 10009 10010 10020 67000 64000 10013"
COUNTIES = [
    counties(
        "in two regions",
        ISLANDS,
        f"west,西,W,{WEST} 10014\neast,東,E,10014 10015\n",
        ("county_twice", "regions.csv line 3", "10014"),
    ),
    counties(
        "in one region twice",
        ISLANDS,
        f"west,西,W,{WEST}\neast,東,E,10014 10015 10014\n",
        ("county_twice", "regions.csv line 3", "10014"),
    ),
    counties(
        "in no region",
        "10016 09020",
        f"west,西,W,{WEST}\neast,東,E,10014 10015\n",
        ("county_nowhere", "case.toml: geometry.outside", "09007"),
    ),
    counties(
        "unknown, outside too, and a region of none",
        f"{ISLANDS} {WEST} 10014",
        "east,東,E,10015 9007 10016\nwest,西,W,\n",
        ("unknown_county", "regions.csv line 2", "9007"),
        ("county_outside", "regions.csv line 2", "10016"),
        ("join_empty_region", "regions.csv line 3", "west"),
    ),
]

SETS = [
    setting("budget.total", ("bad_set", "--set", "budget.total")),
    setting("=5", ("bad_set", "--set", "=5")),
    setting("budget.total=", ("bad_set", "--set", "budget.total=")),
    setting("budget.totl=5", ("unknown_path", "--set", "budget.totl")),
    setting("regions.nroth.floor=5", ("unknown_path", "--set", "regions.nroth.floor")),
    setting("regions.floor=5", ("unknown_path", "--set", "regions.floor")),
    setting("case.id=other", ("unknown_path", "--set", "case.id")),
    setting("x" * 100_000 + "=5", ("unknown_path", "--set", None)),
    setting("budget.total=abc", ("wrong_kind", "budget.total", "abc")),
    setting("budget.total=1,000", ("wrong_kind", "budget.total", "1,000")),
    setting("budget.total=[1]", ("wrong_kind", "budget.total", "[1]")),
    setting("budget.total=" + "[" * 5000, ("wrong_kind", "budget.total", None)),
    setting("budget.total=5\nfoo=6", ("wrong_kind", "budget.total", "5\\nfoo=6")),
    setting(f"budget.total={NINES}", ("wrong_kind", "budget.total", None)),
    setting("budget.total=" + "9" * 5000, ("wrong_kind", "budget.total", None)),
    setting("budget.total=nan", ("not_finite", "budget.total", "nan")),
    setting("budget.total=1e400", ("not_finite", "budget.total", "inf")),
    setting("budget.total=-500", ("too_small_open", "budget.total", "-400.0")),
    setting("budget.total=1e12x", ("too_large", "budget.total", "100000000000000.0")),
    setting("objective.stages=5", ("wrong_kind", "objective.stages", "5")),
    setting("objective.stages=work", ("unknown_stage", "objective.stages", "work")),
    setting("regions.north.floor=+1", ("nothing_to_change", "--set: regions.north.floor", None)),
    setting("regions.*.floor=2x", ("nothing_to_change", "--set: regions.*.floor", None)),
    setting("targets.jobs.north=0", ("too_small", "--set (targets.jobs.north)", "0.0")),
    setting("returns.jobs.north.labs.2=9", ("returns_rise", "--set (returns.jobs.north.labs.2)", "9")),
    setting("returns.jobs.*=many", ("not_a_number", "--set: returns.jobs.*", "many")),
    setting("returns.jobs.north.labs.1=nan", ("not_finite", "--set (returns.jobs.north.labs.1)", "nan")),
    setting(f"widths.south.farms.1={NINES}", ("not_finite", "--set (widths.south.farms.1)", "inf")),
    setting("targets.jobs.total=9", ("unknown_path", "--set", "targets.jobs.total")),
    setting("returns.level.jobs=9", ("unknown_path", "--set", "returns.level.jobs")),
    Broken(
        "--set of four mistakes",
        [
            ("bad_set", "--set", "a"),
            ("wrong_kind", "--set: budget.total", "x"),
            ("unknown_path", "--set", "b"),
            ("too_small", "--set (targets.jobs.north)", "-297.0"),
        ],
        {},
        ["a", "b=1", "budget.total=x", "targets.jobs.north=-597"],
    ),
]

OVERRIDES = [
    override("'budget.total' = 'abc'", ("wrong_kind", "budget.total", "abc")),
    override("'budget.total' = true", ("wrong_kind", "budget.total", "True")),
    override("'budget.total' = {}", ("no_value", "budget.total", None)),
    override("'budget.total' = { fact = 'nothing' }", ("unknown_fact", "budget.total", "nothing")),
    override("'budget.totl' = 1", ("unknown_path", "overrides.x", "budget.totl")),
    override("budget = 5", ("unknown_path", "overrides.x", "budget")),
    override("'' = 5", ("unknown_path", "overrides.x", "")),
    override("'returns.jobs.*' = [1]", ("not_a_number", "overrides.x: returns.jobs.*", "[1]")),
    override("'regions.north.floor' = '2x'", ("nothing_to_change", "overrides.x: regions.north.floor", None)),
]

MANY = [
    Broken(
        "five mistakes in one case file",
        [
            ("unknown_key", "case.toml: budget.totl", "1"),
            ("unknown_stage", "case.toml: objective.stages", "wurst"),
            ("unknown_region", "case.toml: regions.nroth", "nroth"),
            ("too_small_open", "case.toml: budget.total", "-5.0"),
            ("floor_above_ceiling", "regions.south", "9"),
        ],
        {
            "case.toml": CASE.replace("total = 100", "total = -5\ntotl = 1")
            .replace("worst", "wurst", 1)
            .replace("wurst_shortfall", "wurst")
            + "[regions.nroth]\nfloor = 1\n[regions.south]\nfloor = 9\nceiling = 8\n"
        },
    ),
    Broken(
        "seven mistakes in one table",
        [
            ("too_small", "coefficients.csv line 2, width", "-40"),
            ("not_finite", "coefficients.csv line 2, jobs_per_unit", "nan"),
            ("not_a_number", "coefficients.csv line 3, width", "wide"),
            ("duplicate_id", "coefficients.csv line 5", "south, farms, 1"),
            ("unknown_region", "coefficients.csv line 6, region", "west"),
            ("returns_rise", "coefficients.csv line 3, output_per_unit", "9"),
            ("tranche_numbers", "coefficients.csv line 6, tranche", "2"),
        ],
        {
            "coefficients.csv": f"{HEADER}\nnorth,labs,1,-40,2,nan\nnorth,labs,2,wide,9,2\n"
            "south,farms,1,80,1,4\nsouth,farms,1,80,1,4\nwest,labs,2,1,1,1\n"
        },
    ),
    Broken(
        "one mistake in every file",
        [
            ("unknown_key", "case.toml: budget.totl", "1"),
            ("empty_cell", "regions.csv line 2, name_zh", None),
            ("too_small", "coefficients.csv line 4, width", "-80"),
            ("too_small", "targets.csv line 2, target", "0"),
        ],
        {
            "case.toml": CASE.replace("total = 100", "total = 100\ntotl = 1"),
            "regions.csv": REGIONS.replace("北", ""),
            "coefficients.csv": COEFFICIENTS.replace("80", "-80"),
            "targets.csv": TARGETS.replace("200", "0"),
        },
    ),
    Broken(
        "tables that cannot be read do not hide the case file's mistakes",
        [
            ("broken_table", "targets.csv line 1", None),
            ("file_missing", "none.csv", None),
            ("unknown_stage", "case.toml: objective.stages", "work"),
            ("too_small_open", "case.toml: budget.total", "-1.0"),
        ],
        {
            "case.toml": CASE.replace("100", "-1").replace("worst_shortfall", "work")
            + '[tables]\nregions = "none.csv"\n',
            "targets.csv": '"metric\n',
        },
    ),
]


def years(name: str, text: str, *expected: tuple[str, str, str | None], rest: str = "") -> Broken:
    """The small case over the years 2030 to 2033, with text in its section of years and after it."""
    return toml(f"years: {name}", f"[periods]\nfirst = 2030\nlast = 2033\n{text}\n{rest}", *expected)


PERIODS = [
    toml("years: first only", "[periods]\nfirst = 2030\n", ("number_missing", "case.toml: periods.last", None)),
    toml(
        "years: neither first nor last",
        "[periods]\nlag = 1\n",
        ("number_missing", "case.toml: periods.first", None),
        ("number_missing", "case.toml: periods.last", None),
    ),
    toml(
        "years: last before first",
        "[periods]\nfirst = 2033\nlast = 2030\n",
        ("last_before_first", "case.toml: periods.last", "2030"),
    ),
    toml(
        "years: half a year",
        "[periods]\nfirst = 2030.5\nlast = 2033\n",
        ("not_a_year", "case.toml: periods.first", "2030.5"),
    ),
    toml(
        "years: a hundred and one",
        "[periods]\nfirst = 2000\nlast = 2100\n",
        ("too_many_years", "case.toml: periods.last", "2100"),
    ),
    toml(
        "years: nan",
        "[periods]\nfirst = nan\nlast = 2033\n",
        ("not_finite", "case.toml: periods.first", "nan"),
    ),
    toml("years: as text", "[periods]\nfirst = 'x'\n", ("wrong_kind", "case.toml: periods.first", "x"),
         ("number_missing", "case.toml: periods.last", None)),
    years("unknown key", "frist = 1", ("unknown_key", "case.toml: periods.frist", "1")),
    years("survival above 1", "survival = 1.1", ("too_large", "case.toml: periods.survival", "1.1")),
    years("survival of 0", "survival = 0", ("too_small_open", "case.toml: periods.survival", "0.0")),
    years("carry-over above 1", "carry_over = 2", ("too_large", "case.toml: periods.carry_over", "2.0")),
    years("execution of 0", "execution_rate = 0", ("too_small_open", "case.toml: periods.execution_rate", "0.0")),
    years("a lag beyond the years", "lag = 4", ("lag_beyond", "case.toml: periods.lag", "4")),
    years("half a lag", "lag = 1.5", ("not_a_count", "case.toml: periods.lag", "1.5")),
    years("envelope outside", "budget = { 2040 = 5 }", ("year_outside", "case.toml: periods.budget.2040", "2040")),
    years("negative envelope", "budget = { 2031 = -5 }", ("too_small", "case.toml: periods.budget.2031", "-5.0")),
    years(
        "envelopes above the budget",
        "budget = { 2030 = 60, 2031 = 60 }",
        ("envelopes_above_budget", "case.toml: periods.budget", "120"),
    ),
    years(
        "envelopes below the budget",
        "budget = { 2030 = 20, 2031 = 20, 2032 = 20, 2033 = 20 }",
        ("envelopes_below_budget", "case.toml: periods.budget", "80"),
    ),
    years("milestone outside", "", ("year_outside", "case.toml: targets.jobs.milestones.2050", "2050"),
          rest="[targets.jobs]\nmilestones = { 2050 = 5 }\n"),
    years("milestone of 0", "", ("too_small_open", "case.toml: targets.jobs.milestones.2031", "0.0"),
          rest="[targets.jobs]\nmilestones = { 2031 = 0 }\n"),
    toml("milestone without years", "[targets.jobs]\nmilestones = { 2030 = 5 }\n",
         ("milestone_undated", "case.toml: targets.jobs.milestones.2030", None)),
    years("absorption of nothing", "[periods.absorption.a]\nregion = 'north'",
          ("absorption_empty", "case.toml: periods.absorption.a", None)),
    years("absorption of an unknown region", "[periods.absorption.a]\nregion = 'nroth'\nstart = 1",
          ("unknown_region", "case.toml: periods.absorption.a.region", "nroth")),
    years("absorption of an unknown programme", "[periods.absorption.a]\nprogramme = 'farm'\nstart = 1",
          ("unknown_programme", "case.toml: periods.absorption.a.programme", "farm")),
    years("absorption of a programme elsewhere",
          "[periods.absorption.a]\nregion = 'north'\nprogramme = 'farms'\nstart = 1",
          ("unknown_programme", "case.toml: periods.absorption.a.programme", "farms")),
    years("absorption with a name no row can have", "[periods.absorption.'東 1']\nstart = 1",
          ("bad_id", "case.toml: periods.absorption", "東 1")),
]  # fmt: skip

TAGGED = "region,programme,name_zh,name_en,fund\nnorth,labs,實,Labs,science\nsouth,farms,農,Farms,food\n"


def tagged(name: str, text: str, *expected: tuple[str, str, str | None], table: str = TAGGED) -> Broken:
    """The small case with groups and a table of programmes."""
    return Broken(f"groups: {name}", expected, {"case.toml": f"{CASE}{text}\n", "programmes.csv": table})


GROUPS = [
    tagged("empty", "[groups.g]", ("group_empty", "case.toml: groups.g", None)),
    tagged("said to be empty and is not", "[groups.g]\nempty = 'none'\nprogrammes = ['labs']",
           ("group_not_empty", "case.toml: groups.g.empty", None)),
    tagged("empty with limits", "[groups.g]\nempty = 'none'\nfloor = 1\nown_budget = 2",
           ("empty_group_limited", "case.toml: groups.g.floor", None),
           ("empty_group_limited", "case.toml: groups.g.own_budget", None)),
    tagged("a rule over an empty group",
           "[groups.g]\nempty = 'none'\n[[rules]]\nid = 'r'\nterms = [{ groups = ['g'] }]\nsense = '<='\n"
           "value = 1\nreason = 'x'",
           ("rule_selects_nothing", "case.toml: rules.1.terms.1", None)),
    tagged("tag without value", "[groups.g]\ntag = 'fund'", ("tag_and_value", "case.toml: groups.g.value", None)),
    tagged("value without tag", "[groups.g]\nvalue = 'food'", ("tag_and_value", "case.toml: groups.g.tag", None)),
    tagged("unknown tag", "[groups.g]\ntag = 'found'\nvalue = 'food'",
           ("wrong_kind", "case.toml: groups.g.tag", "found"), ("tag_and_value", "case.toml: groups.g.tag", None)),
    tagged("value of no programme", "[groups.g]\ntag = 'fund'\nvalue = 'sience'",
           ("unknown_tag", "case.toml: groups.g.value", "sience")),
    toml("groups: a tag that the built-in table alone has",
         "[groups.g]\ntag = 'initiative'\nvalue = 'smart_living'\n",
         ("untagged", "case.toml: groups.g.tag", "initiative")),
    tagged("a tag that no programme has", "[groups.g]\ntag = 'ministry'\nvalue = 'science'",
           ("untagged", "case.toml: groups.g.tag", "ministry")),
    tagged("unknown programmes", "[groups.g]\nprogrammes = ['farms', 'lab', 'south.labs']",
           ("unknown_programme", "case.toml: groups.g.programmes", "lab"),
           ("unknown_programme", "case.toml: groups.g.programmes", "south.labs")),
    tagged("broken table", "[groups.g]\ntag = 'fund'\nvalue = 'food'",
           ("bad_id", "programmes.csv line 3, fund", "Food!"), table=TAGGED.replace("food", "Food!")),
    tagged("floor above ceiling", "[groups.g]\nprogrammes = ['labs']\nfloor = 20\nceiling_share = 0.1",
           ("floor_above_ceiling", "case.toml: groups.g", "20")),
    tagged("floor above the budget", "[groups.g]\nprogrammes = ['labs']\nfloor = 200",
           ("floor_above_budget", "case.toml: groups.g.floor", "200")),
    tagged("share above 1", "[groups.g]\nprogrammes = ['labs']\nfloor_share = 2",
           ("too_large", "case.toml: groups.g.floor_share", "2.0"),
           ("floor_above_budget", "case.toml: groups.g.floor", "200")),
    tagged("own budgets that overlap",
           "[groups.g]\nprogrammes = ['labs']\nown_budget = 1\n"
           "[groups.h]\nprogrammes = ['labs', 'farms']\nown_budget = 1",
           ("groups_overlap", "case.toml: groups.g.own_budget", None)),
    tagged("own budgets above the budget",
           "[groups.g]\nprogrammes = ['labs']\nown_budget = 60\n[groups.h]\nprogrammes = ['farms']\nown_budget = 60",
           ("own_budgets_above_budget", "case.toml: groups.*.own_budget", "120")),
    tagged("id that no row can have", "[groups.'g h']\nprogrammes = ['labs']",
           ("bad_id", "case.toml: groups", "g h")),
    tagged("unknown key", "[groups.g]\nprogrammes = ['labs']\nflor = 1",
           ("unknown_key", "case.toml: groups.g.flor", "1")),
    tagged("three mistakes in two groups",
           "[groups.g]\nfloor = 1\n[groups.h]\nprogrammes = ['x']\nceiling = -1",
           ("group_empty", "case.toml: groups.g", None),
           ("unknown_programme", "case.toml: groups.h.programmes", "x"),
           ("too_small", "case.toml: groups.h.ceiling", "-1.0")),
]  # fmt: skip

ISLE = "region,name_zh,name_en,population\nnorth,北,North,2000000\nsouth,南,South,9\nisle,島,Isle,9\n"
PEOPLE = "region,name_zh,name_en,population\nnorth,北,North,2000000\nsouth,南,South,0\n"
EQUITY = [
    toml("equity without population", "[equity]\nratio = 2\n",
         ("population_missing", "case.toml: equity", None), ("population_missing", "case.toml: equity", None)),
    Broken("equity with nobody", [("population_missing", "case.toml: equity", None)],
           {"case.toml": CASE + "[equity]\nmean_difference = 2\n", "regions.csv": PEOPLE}),
    Broken("ratio below 1", [("too_small", "case.toml: equity.ratio", "0.5")],
           {"case.toml": CASE + "[equity]\nratio = 0.5\n", "regions.csv": PEOPLE.replace(",0", ",9")}),
    Broken("ratio with a region without programmes", [("ratio_without_money", "case.toml: equity.ratio", "3")],
           {"case.toml": CASE + "[equity]\nratio = 3\n", "regions.csv": ISLE}),
    Broken("ratio with a region that may get nothing", [("ratio_without_money", "case.toml: equity.ratio", "3")],
           {"case.toml": CASE + "[equity]\nratio = 3\n[regions.south]\nceiling = 0\n",
            "regions.csv": PEOPLE.replace(",0", ",9")}),
    Broken("floor per head where nothing can be spent", [("floor_without_money", "regions.isle", "9e-06")],
           {"case.toml": CASE + "[regions.isle]\nfloor_per_head = 1000\n", "regions.csv": ISLE}),
    Broken("floor where nothing can be spent", [("floor_without_money", "regions.isle", "10")],
           {"case.toml": CASE + "[regions.isle]\nfloor_share = 0.1\n", "regions.csv": ISLE}),
]  # fmt: skip

EVERY = [
    *PERIODS, *GROUPS, *EQUITY,
    *CASE_FILES, *UNKNOWN_KEYS, *NUMBERS, *NAMES, *TABLES, *CELLS, *LIMITS, *COUNTIES, *SETS, *OVERRIDES, *MANY,
]  # fmt: skip
