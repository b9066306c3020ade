"""The tables of a result on screens of any width: nothing is left out, no number is cut, no name is broken in two."""

from __future__ import annotations

import re

import pytest
from documents import NAMES, document
from rich.cells import cell_len
from rich.console import Console

from regionopt.common.decimals import shown as digits_shown
from regionopt.common.texts import Language
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
