"""Result documents for tests of what is drawn. Every number here is invented, or rounded from a prototype."""

from __future__ import annotations

from typing import Any

from regionopt.common.document import ResultDocument

COUNTIES = {
    "capital": ("63000", "65000", "10017", "10002"),
    "tcm": ("68000", "10004", "10018", "10005"),
    "central": ("66000", "10007", "10008", "10009"),
    "south": ("10010", "10020", "67000", "64000", "10013"),
    "east": ("10015", "10014"),
}
NAMES = {
    "capital": ("首都圈黃金廊帶", "Capital Golden Corridor"),
    "tcm": ("桃竹苗大矽谷", "Taoyuan-Hsinchu-Miaoli"),
    "central": ("中部精密智慧新核心", "Central"),
    "south": ("大南方新矽谷", "Greater South"),
    "east": ("東部慢活城鄉", "East"),
}
INVENTED = {  # budget, output, output target, jobs, jobs target, population
    "capital": (231.9, 2015.0, 2520.0, 57300.0, 107500.0, 7_300_000.0),
    "tcm": (142.9, 1105.0, 1390.0, 32000.0, 60000.0, 3_950_000.0),
    "central": (169.4, 1240.0, 1480.0, 41000.0, 76900.0, 4_450_000.0),
    "south": (160.2, 1230.0, 1500.0, 39500.0, 74100.0, 5_930_000.0),
    "east": (8.1, 83.0, 110.0, 2900.0, 5500.0, 530_000.0),
}


def document(**changes: Any) -> ResultDocument:
    """An optimal result of five regions; `changes` replace top-level keys of its JSON."""
    return ResultDocument.model_validate({**_plain(), **changes})


def regions(**changes: Any) -> list[dict[str, Any]]:
    """The regions of `document()` as JSON; `changes` are made to every region."""
    return [{**_region(key, *INVENTED[key]), **changes} for key in INVENTED]


def _plain() -> dict[str, Any]:
    return {
        "schema": "regionopt.result/1",
        "case": "taiwan-2040",
        "title": {"zh": "2040 年五大區域 AI 預算配置", "en": "Budget for Taiwan's five AI regions, 2040"},
        "scenario": "base",
        "status": "optimal",
        "stages": [{"name": "worst_shortfall", "value": 0.467, "unit": "1", "unique": False}],
        "budget": {
            "total": 712.5,
            "spent": 712.5,
            "unspent": 0.0,
            "unit": "NT$ billion",
            "unspent_reason": None,
        },
        "regions": regions(),
        "facts": {
            "implied_leverage": 9.82,
            "smallest_budget": 1893.0,
            "weakest_standing": "assumption",
            "unique": False,
        },
        "certificate": {"passed": True, "tolerance": 1e-9, "largest_violation": 0.0, "stages": []},
        "provenance": {
            "inputs": {},
            "overrides": [],
            "give_away": 1e-9,
            "weights": {"output": 1.0, "jobs": 1.0},
            "standings": {"assumption": 4, "official": 3},
            "geometry": "built-in",
        },
    }


def _region(
    key: str,
    budget: float,
    output: float,
    output_target: float,
    jobs: float,
    jobs_target: float,
    people: float,
) -> dict[str, Any]:
    return {
        "id": key,
        "name_zh": NAMES[key][0],
        "name_en": NAMES[key][1],
        "budget": budget,
        "share": budget / 712.5,
        "output": output,
        "output_target": output_target,
        "output_shortfall": 1 - output / output_target,
        "jobs": jobs,
        "jobs_target": jobs_target,
        "jobs_shortfall": 0.467,
        "reference": 142.5,
        "floor": None,
        "ceiling": None,
        "population": people,
        "budget_per_head": budget * 1e9 / people,
        "counties": list(COUNTIES[key]),
    }
