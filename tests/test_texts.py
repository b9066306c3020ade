"""The catalogue of sentences: complete in both languages, used as a whole, in the words of Taiwan."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import regionopt
from regionopt.common.instance import STAGES
from regionopt.common.texts import catalogue, text

PACKAGE = Path(regionopt.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
# Wording and characters of mainland China, each with what Taiwan says.
FOREIGN = {
    "默认": "預設", "默認": "預設", "文件夹": "資料夾", "文件夾": "資料夾", "文件": "檔案", "数据": "資料",
    "數據庫": "資料庫", "软件": "軟體", "軟件": "軟體", "硬件": "硬體", "视频": "影片", "視頻": "影片",
    "信息": "訊息", "網絡": "網路", "屏幕": "螢幕",
    "程序": "程式", "打印": "列印", "鼠標": "滑鼠", "質量": "品質", "優化": "最佳化",
    "設置": "設定", "保存": "儲存", "字符串": "字串", "字符": "字元", "台湾": "臺灣", "用户": "使用者",
    "加載": "載入", "搜索": "搜尋", "文本": "文字", "支持": "支援", "台灣": "臺灣",
}  # fmt: skip


def leaves(node: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text with its key."""
    for name, value in node.items():
        key = f"{prefix}{name}"
        if all(isinstance(inner, str) for inner in value.values()):
            yield key, value
        else:
            yield from leaves(value, f"{key}.")


TEXTS = dict(leaves(catalogue()))


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_has_both_languages_with_the_same_placeholders(key: str) -> None:
    entry = TEXTS[key]
    assert set(entry) == {"en", "zh"}
    assert entry["en"].strip()
    assert entry["zh"].strip()
    assert placeholders(entry["en"]) == placeholders(entry["zh"])
    assert not CHINESE.search(entry["en"])


@pytest.mark.parametrize("key", TEXTS)
def test_chinese_is_that_of_taiwan(key: str) -> None:
    assert {word: said for word, said in FOREIGN.items() if word in TEXTS[key]["zh"]} == {}


def test_chinese_sentences_have_chinese_words() -> None:
    """But for signs, units and what is the same in every language."""
    plain = {key for key, entry in TEXTS.items() if not CHINESE.search(entry["zh"])}
    assert plain <= {
        "sentence.colon",
        "sentence.then",
        "sentence.beside",
        "sentence.stop",
        "run.unit_note",
        "map.list_separator",
        "map.region_label",
        "montecarlo.counted",
        "map.bars_reached",
        "map.slider_then",
        "map.fact_source",
        "static.heading",
        "chart.axis",
        "chart.of",
    }


def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def used_codes() -> set[str]:
    """First argument of every `Problem(…)`; what is chosen between two constants counts as both."""
    codes: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        tree = module(path)
        assigned = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Problem"
                and node.args
            ):
                first = node.args[0]
                codes |= constants(assigned.get(first.id, first) if isinstance(first, ast.Name) else first)
    return codes


def constants(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


# Codes that are computed: kinds of cells, and what pydantic's kinds are called.
COMPUTED = {"not_a_count", "not_a_flag"} | {
    "unknown_key", "missing_key", "bad_name", "bad_text", "not_a_text", "bad_standing", "wrong_kind",
}  # fmt: skip


def test_every_problem_in_the_code_has_its_sentences_and_the_other_way_round() -> None:
    assert len(used_codes()) > 40
    assert used_codes() | COMPUTED == set(catalogue()["problem"])


@pytest.mark.parametrize("code", catalogue()["problem"])
def test_a_problem_has_a_rule_and_a_remedy(code: str) -> None:
    assert set(catalogue()["problem"][code]) == {"rule", "remedy"}


def used_keys() -> set[str]:
    """Keys that the code names in full: in `text(…)`, in `tell(…)`, in the page and as constants like `map.worst`."""
    dotted = re.compile(r"""["'](?:run|map|progress|sentence)\.[a-z_]+["']""")
    return {
        found.strip("\"'")
        for path in PACKAGE.rglob("*.py")
        for found in dotted.findall(path.read_text(encoding="utf-8"))
        if not found.endswith(('.js"', '.html"', '.json"'))
    }


def test_every_key_the_code_names_exists() -> None:
    assert len(used_keys()) > 20
    assert used_keys() <= set(TEXTS)


def test_every_sentence_of_the_terminal_is_used() -> None:
    """Column headings are named by a list of their last parts."""
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    computed = {"run.infeasible", "run.unbounded"}
    for key in TEXTS:
        section, _, name = key.partition(".")
        if section in ("run", "progress") and key not in computed:
            assert f'"{key}"' in source or f'"{name}"' in source, key


def test_every_stage_metric_and_reason_has_words() -> None:
    assert {"output", "jobs"} <= set(STAGES)
    assert set(catalogue()["metric"]) == {"output", "jobs"}
    source = (PACKAGE / "result" / "unspent.py").read_text(encoding="utf-8")
    assert all(f'"{reason}"' in source for reason in catalogue()["unspent"])


def test_every_sentence_about_other_plans_is_used() -> None:
    """Names of benchmarks, statuses and changes are put together from their last parts."""
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    computed = {f"rivals.{name}" for name in ("plan", "population", "employed_residents", "equal", "reference")}
    computed |= {
        f"{section}.{status}" for section in ("alternatives", "importance") for status in ("infeasible", "unbounded")
    }
    computed |= {f"importance.{metric}_{way}" for metric in ("output", "jobs") for way in ("less", "more")}
    for key in TEXTS:
        if key.partition(".")[0] in ("bands", "alternatives", "rivals", "importance") and key not in computed:
            assert f'"{key}"' in source, key


def test_unknown_keys_raise() -> None:
    with pytest.raises(KeyError):
        text("run.nothing")
    with pytest.raises(KeyError):
        text("run.folder")
