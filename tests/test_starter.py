"""Every feature that the starter shows commented out is correct when its lines are uncommented."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from regionopt.case.case import load
from regionopt.result.result import solve_case
from regionopt.run.starter import CASE, make
from regionopt.run.validate import every_problem

TEXT = CASE.read_text(encoding="utf-8")
# A commented line of TOML; a sentence is none.
LINE = re.compile(r'^# (\[|[A-Za-z0-9_."]+ = |[\]}])', re.MULTILINE)
FEATURES = ("periods", "groups", "equity")


def blocks() -> dict[str, str]:
    """Blocks between empty lines that show a feature, by the first table they open."""
    shown = {}
    for block in TEXT.split("\n\n"):
        table = re.search(r"^# \[+([a-z]+)", block, re.MULTILINE)
        if table and not re.search(r"^\[", block, re.MULTILINE):
            shown[table[1]] = block
    return shown


def uncommented(block: str) -> str:
    """A block without the marks before its lines of TOML."""
    return LINE.sub(r"\1", block)


def test_every_feature_is_shown() -> None:
    assert set(FEATURES) <= set(blocks())
    assert "leximin" in TEXT


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_uncommented_is_sound_and_can_be_solved(tmp_path: Path, feature: str) -> None:
    case = make(tmp_path / "new")
    block = blocks()[feature]
    case.write_text(TEXT.replace(block, uncommented(block)), encoding="utf-8")
    raw = tomllib.loads(case.read_text(encoding="utf-8"))
    assert feature in raw
    every_problem(load(case))
    assert solve_case(load(case)).status == "optimal"


def test_all_of_them_together(tmp_path: Path) -> None:
    case, text = make(tmp_path / "new"), TEXT
    for feature in FEATURES:
        text = text.replace(blocks()[feature], uncommented(blocks()[feature]))
    case.write_text(text, encoding="utf-8")
    instance = every_problem(load(case)) and load(case).instance
    assert instance.periods is not None
    assert len(instance.periods.periods) == 15
    assert [group.id for group in instance.groups] == ["living", "medical", "quantum"]
    assert instance.equity is not None
    assert {target.period for target in instance.targets} == {"", "2032"}
