"""The tables of a result on screens of any width: nothing is left out, no number is cut, no name is broken in two."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import NAMES, document
from inputs import loaded
from rich.cells import cell_len
from rich.console import Console

from regionopt.case.case import load
from regionopt.common.decimals import shown as digits_shown
from regionopt.common.texts import Language
from regionopt.curves.frontier import frontier
from regionopt.curves.frontier_table import tables
from regionopt.curves.tipping import tipping
from regionopt.curves.tipping_told import table as tipping_table
from regionopt.curves.trade import trade
from regionopt.telling.terminal import plan_tables

TARGETS = ("2,520", "1,390", "1,480", "1,500", "110", "107,500", "60,000", "76,900", "74,100", "5,500")


def shown(language: Language, width: int) -> list[str]:
    """The plan on a screen, a text a table."""
    screen = Console(width=width)
    found = []
    for table in plan_tables(document(), language, screen):
        with screen.capture() as told:
            screen.print(table)
        found.append(told.get())
    return found


def test_a_wide_screen_has_one_table() -> None:
    assert [len(shown(language, 110)) for language in ("en", "zh-TW")] == [1, 1]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("width", [60, 80, 91, 92, 100])
def test_a_narrower_one_has_more_tables_and_no_less_in_them(language: Language, width: int) -> None:
    tables = shown(language, width)
    for table in tables:
        lines = table.splitlines()
        assert max(map(cell_len, lines)) <= width
        for names in NAMES.values():
            assert any(names[language == "en"] in line for line in lines)
    told = "".join(tables)
    assert "…" not in told
    wanted = TARGETS if language == "en" else ("25,200", "107,500", "5,500")
    assert all(re.search(rf"(?<![\d,]){target}(?![\d,])", told) for target in wanted)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_title_stands_once(language: Language) -> None:
    first, *others = shown(language, 60)
    assert "base" in first
    assert others
    assert not any("base" in other for other in others)


def test_every_table_says_its_units() -> None:
    money, jobs = shown("en", 80)
    assert ("Budget: NT$ billion" in money, "Jobs: jobs" in money) == (True, False)
    assert ("Budget: NT$ billion" in jobs, "Jobs: jobs" in jobs) == (False, True)


def test_on_a_telephone_numbers_are_whole() -> None:
    assert all(share in "".join(shown("en", 40)) for share in ("32.5%", "46.7%", "107,500"))


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "digits"),
    [
        (-3562.5, 0, "", "-3,563"),
        (71.25, 1, "+", "+71.3"),
        (2.5, 0, "", "3"),
        (1.005, 2, "", "1.00"),  # the number that is stored is a little less
        (1e300, 0, "", f"{1e300:,.0f}"),
        (float("inf"), 1, "+", "+inf"),
    ],
)
def test_a_half_is_rounded_away_from_zero_as_a_browser_does(value, decimals, sign, digits):
    assert digits_shown(value, decimals, sign) == digits


# Names as long as those of the built-in case, and as many.
LONG = {
    "regions.csv": """region,name_zh,name_en
north,桃竹苗大矽谷,Taoyuan-Hsinchu-Miaoli
south,中部精密智慧新核心,South
east,東部慢活城鄉,East
west,大南方新矽谷,Greater South
capital,首都圈黃金廊帶,Capital Golden Corridor
"""
}


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("width", [80, 100, 200])
def test_a_curve_is_told_whole(language: Language, width: int, tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path, LONG), "budget.total", 10, 160)
    screen = Console(width=width)
    with screen.capture() as told:
        for table in tables(found, language, screen):
            screen.print(table)
    said = told.get()
    assert max(map(cell_len, said.splitlines())) <= width
    assert "…" not in said
    assert "worst_shortfall" not in said
    whole = (
        ["10.000", "160.000", "shortfall", "Taoyuan-Hsinchu-Miaoli"] if language == "en" else ["100.00", "1,600.00"]
    )
    assert set(whole) <= set(said.split())
    # Chinese headings may be parted between any two characters: their first ones stand together.
    assert language == "en" or all(name in said for name in ("最大", "桃竹苗", "中部精密", "首都圈"))


def test_a_curve_rounds_as_all_numbers_that_are_read(tmp_path: Path) -> None:
    """A half away from zero: 10.0625 has three decimals."""
    numbers = tables(frontier(loaded(tmp_path), "budget.total", 10.0625, 160), "en", Console(width=200))[0]
    assert next(iter(numbers.columns[0].cells)) == "10.063"


def test_where_there_is_room_it_is_one_table(tmp_path: Path) -> None:
    found = frontier(loaded(tmp_path), "budget.total", 10, 160)
    assert [len(tables(found, "en", Console(width=width))) for width in (200, 60)] == [1, 2]


def test_a_trade_off_is_told_by_the_names_of_its_quantities(tmp_path: Path) -> None:
    (table, *_) = tables(trade(loaded(tmp_path), "output", "jobs"), "zh-TW", Console(width=200))
    assert "全國產值與全國就業機會的取捨" in str(table.title)
    assert [column.header for column in table.columns][:2] == ["全國就業機會", "全國產值（億元／年）"]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_tipping_points_are_told_whole(language: Language) -> None:
    case = load()
    screen = Console(width=80)
    with screen.capture() as told:
        screen.print(tipping_table(case, tipping(case), language))
    assert "…" not in told.get()
