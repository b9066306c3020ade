"""What a notebook shows of a result and a case: tables without scripts, every text as text, in both languages."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import regionopt as ro
from regionopt.result.outputs import document
from regionopt.telling.notebook import case_html, result_html

HOSTILE = "</table><script>alert(1)</script>{{7*7}} [bold]x[/bold] &amp;"


class Parts(HTMLParser):
    """Names of elements, and the text of each cell of tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.cells: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.names.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip("\n")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)


def test_a_result_shows_its_plan_as_one_table() -> None:
    shown = Parts(ro.load("taiwan-2040").solve()._repr_html_())
    assert shown.names.count("table") == 1
    assert shown.names.count("tr") == 7  # head, five regions, all
    assert [cell for cell in shown.cells if cell in ("East", "8.1", "712.5")] == ["East", "8.1", "712.5"]
    assert not {"script", "iframe", "link"} & set(shown.names)


def test_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ro.load("taiwan-2040").solve()
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert "東部慢活城鄉" in result._repr_html_()
    assert "東部慢活城鄉" not in result_html(document(result), "en")


def test_without_a_plan_it_says_so_and_shows_no_number() -> None:
    case = ro.load("taiwan-2040", sets=["targets.jobs.must=east", "regions.east.ceiling=5"])
    shown = case.solve()._repr_html_()
    assert "Status: infeasible" in shown
    assert "<table" not in shown


def test_a_case_shows_budget_and_targets_with_their_sources() -> None:
    case = ro.load("taiwan-2040").but(budget__total=190)
    shown = Parts(case._repr_html_())
    assert shown.cells[shown.cells.index("budget.total") + 1 :][:2] == ["190", "NT$ billion"]
    assert shown.names.count("table") == 2


@pytest.mark.parametrize("hostile", [HOSTILE, "[/]", "{% x %}"])
def test_every_text_is_text(hostile: str) -> None:
    case = ro.load("taiwan-2040")
    found = document(case.solve())
    regions = tuple(region.model_copy(update={"name_en": hostile}) for region in found.regions)
    title = found.title.model_copy(update={"en": hostile})
    shown = Parts(result_html(found.model_copy(update={"regions": regions, "title": title}), "en"))
    assert shown.cells.count(hostile) == 5
    assert "script" not in shown.names
    assert "<script" not in case_html(case, "zh-TW")
