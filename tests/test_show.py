"""What `regionopt show` says of a case beside its numbers, and how it fits on a screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from inputs import CASE, small
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.case.listing import numbers_table, settings_table, sources_table
from regionopt.case.settings import settings
from regionopt.cli.main import app
from regionopt.common.texts import Language

FEATURES = """[targets.jobs]
must = ["south"]
[periods]
first = 2026
last = 2027
[periods.absorption.slow]
region = "north"
start = 20
[groups.nature]
title = { zh = "自然", en = "Nature" }
programmes = ["farms"]
[equity]
mean_difference = 15000
[[rules]]
id = "early"
terms = [
  { regions = ["north"], periods = ["2026"] }, { groups = ["nature"], coefficient = -2 }, { coefficient = 0.5 }
]
sense = "<="
value = 7
unit = "NT$ billion"
reason = "agreed"
source = "minutes"
[spillovers.jobs.north]
north = { value = 0.9, status = "derived", source = "a study" }
[platforms.hub]
region = "south"
cost = 1
required = true
unlocks = ["labs"]
raises = { farms = 0.2 }
[measures.roads]
title = "Roads"
cost = 1
"""
REGIONS = "region,name_zh,name_en,population\nnorth,北,North,5000000\nsouth,南,South,4000000\n"
SAID = {
    "targets.jobs.must": ["south"],
    "periods.absorption.slow.region": "north",
    "groups.nature.title": {"zh": "自然", "en": "Nature"},
    "groups.nature.members": ["south.farms"],
    "rules.1.id": "early",
    "rules.1.terms": [
        {"coefficient": 1.0, "regions": ["north"], "periods": ["2026"]},
        {"coefficient": -2.0, "groups": ["nature"]},
        {"coefficient": 0.5},
    ],
    "rules.1.sense": "<=",
    "rules.1.reason": "agreed",
    "rules.1.source": "minutes",
    "spillovers.jobs.at_home": ["south"],
    "platforms.hub.region": "south",
    "platforms.hub.required": True,
    "platforms.hub.unlocks": ["labs"],
    "measures.roads.title": {"zh": "Roads", "en": "Roads"},
    "objective.stages": ["worst_shortfall", "total_shortfall", "nearest_reference"],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("show"), {"case.toml": CASE + FEATURES, "regions.csv": REGIONS})


def shown(table: Any, width: int) -> str:
    screen = Console(width=width)
    with screen.capture() as found:
        screen.print(table)
    return found.get()


def test_every_text_flag_and_list_is_said(case: Path) -> None:
    said = settings(load(case).resolved)
    assert {path: said[path] for path in SAID} == SAID
    assert not any(path.startswith(("overrides", "scenarios")) for path in said)


def test_json_holds_numbers_and_settings_by_path(case: Path) -> None:
    told = json.loads(CliRunner().invoke(app, ["show", str(case), "--json"]).stdout)
    assert {path: told[path] for path in SAID} == {path: {"value": value} for path, value in SAID.items()}
    assert told["rules.1.value"]["value"] == 7
    assert told["platforms.hub.raises.farms"]["value"] == 0.2
    assert (told["spillovers.jobs.north.north"]["status"], told["spillovers.jobs.north.north"]["source"]) == (
        "derived",
        "a study",
    )


@pytest.mark.parametrize(
    ("language", "rule", "title", "standing"),
    [
        (
            "en",
            "money of (regions north; years 2026) − 2 × money of (groups nature) + 0.5 × all money ≤ 7 NT$ billion",
            "Nature",
            "derived",
        ),
        (
            "zh-TW",
            "（區域 north；年度 2026）的經費 − 2 × （群組 nature）的經費 + 0.5 × 全部經費 ≤ 7 NT$ billion",
            "自然",
            "推算",
        ),
    ],
)
def test_a_rule_is_one_sum_in_words(case: Path, language: Language, rule: str, title: str, standing: str) -> None:
    table = CliRunner().invoke(app, ["show", str(case), "--lang", language]).stdout
    assert rule in table
    assert title in table
    assert "rules.1.sense" not in table  # it stands in the sum
    (row,) = [line for line in table.splitlines() if "spillovers.jobs.north.north" in line]
    assert standing in row


def test_units_are_the_cases_own(case: Path) -> None:
    numbers = load(case).resolved.numbers
    assert numbers["equity.mean_difference"].unit == "NT$ a head"


def test_an_empty_list_is_said_in_words() -> None:
    assert "none" in shown(settings_table({"groups.a.members": []}, {}, "en"), 80)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_a_hundred_columns_are_enough(language: Language) -> None:
    """No path and no value is broken or cut, and every number's source can be found by its mark."""
    resolved = load().resolved
    lines = shown(numbers_table(resolved.numbers, language), 100).splitlines()
    assert max(map(cell_len, lines)) <= 100
    sources = shown(sources_table(resolved.numbers, language), 100)
    for path, quantity in resolved.numbers.items():
        (row,) = [line.split() for line in lines if line.split()[:1] == [path]]
        assert row[1] == f"{quantity.value:.10g}"
        assert row[-1].startswith("[")
        assert row[-1] in sources
    assert "…" not in "".join(lines)
