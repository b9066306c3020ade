"""Charts: where points stand on paper, what the ticks say, and that no text becomes anything but text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from regionopt.charts import Axis, Band, BarChart, Dots, Figure, Line, Plot, Rule, Series, svg
from regionopt.charts.axes import nice, number, scale
from regionopt.charts.lettering import lines

SVG = "{http://www.w3.org/2000/svg}"
ENDS = [(0.0, 1.0), (1.0, 2.0)]
HOSTILE = "\"><script>alert(1)</script> {{7*7}} ${x} & ' \x00\x1b\ud800 台灣"


def read(*panels: Plot | BarChart, title: str = "title", note: str = "") -> ET.Element:
    return ET.fromstring(svg(Figure("own", title, "what it shows", panels, note)))


def plot(*marks: Line | Dots | Band | Rule) -> Plot:
    return Plot(Axis("x"), Axis("y"), marks)


def paths(root: ET.Element) -> list[list[tuple[float, float]]]:
    """The corners of every path."""
    told = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (\S+?)(?=[MLh]|$)", d)] for d in told]


def words(root: ET.Element) -> list[str]:
    return [found.text or "" for found in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("span", "step"), [(1000, 200), (1400, 250), (0.47, 0.1), (6, 1), (7, 2), (1e-9, 2e-10), (12e9, 2e9)]
)
def test_steps_are_round(span: float, step: float) -> None:
    # The least of 1, 2, 2.5, 5 times a power of ten that cuts the span into at most 6.
    assert nice(span, 6) == pytest.approx(step, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "step", "percent", "told"),
    [
        (1200, 50, False, "1,200"),
        (0.30000000000000004, 0.1, False, "0.3"),
        (-2.5, 2.5, False, "−2.5"),
        (-1e-12, 0.5, False, "0.0"),
        (0.25, 0.05, True, "25 %"),
        (0.125, 0.025, True, "12.5 %"),
    ],
)
def test_numbers_have_the_decimals_of_their_step(value: float, step: float, percent: bool, told: str) -> None:
    assert number(value, step, percent) == told


def test_ends_without_a_fixed_value_go_to_a_tick() -> None:
    found = scale(Axis("y", zero=True), [0.12, 0.467], rounded=True)
    assert (found.low, found.high) == (0, pytest.approx(0.5))
    assert found.labels == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert (scale(Axis("y", low=0.1), [0.12, 0.467], rounded=True)).low == 0.1


@pytest.mark.parametrize("values", [[5.0], [0.0], [], [float("nan")]])
def test_one_value_or_none_has_an_axis_too(values: list[float]) -> None:
    found = scale(Axis("y"), values)
    assert found.low < found.high


def test_points_stand_where_their_numbers_say() -> None:
    # The middle of the data is the middle of the line between its ends, on both axes.
    (line,) = paths(read(plot(Line([(0, 0), (5, 10), (10, 20)]))))
    (x1, y1), (x2, y2), (x3, y3) = line
    assert x2 == pytest.approx((x1 + x3) / 2, abs=0.01)
    assert y2 == pytest.approx((y1 + y3) / 2, abs=0.01)
    assert x1 < x3
    assert y1 > y3  # paper counts from the top


def test_a_step_holds_until_the_next_point() -> None:
    (line,) = paths(read(plot(Line([(0, 1), (1, 3), (2, 2)], step=True))))
    assert [y for _, y in line] == [line[0][1], line[0][1], line[2][1], line[2][1], line[4][1]]
    assert line[1][0] == line[2][0]


def test_dots_on_the_same_pixel_are_one() -> None:
    (many,) = paths(read(plot(Dots([(x / 1e6, 0.5) for x in range(5000)] + [(1, 1)]))))
    assert 2 <= len(many) < 20


def test_a_bar_is_as_long_as_its_value() -> None:
    chart = BarChart(("a", "b", "c"), (Series((10, -5, None)),), Axis("money"), step=1)
    bars = [r for r in read(chart).iter(f"{SVG}rect") if r.get("fill") == "#0b5394"]
    long = [float(bar.get("width", "")) for bar in bars]
    assert len(bars) == 2
    assert long[0] == pytest.approx(2 * long[1], abs=0.02)
    assert float(bars[0].get("x", "")) == pytest.approx(float(bars[1].get("x", "")) + long[1], abs=0.02)
    assert {"10", "−5"} <= set(words(read(chart)))


def test_text_stays_text() -> None:
    figure = Figure(
        "own", HOSTILE, HOSTILE,
        (
            Plot(Axis(HOSTILE), Axis(HOSTILE), (Line(ENDS, HOSTILE), Band(0, 1, HOSTILE), Rule(1, HOSTILE))),
            Plot(Axis("", names=(HOSTILE, "b")), Axis(""), (Dots(ENDS, HOSTILE),)),
            BarChart((HOSTILE,), (Series((1.0,), HOSTILE),), Axis(HOSTILE)),
        ),
        HOSTILE,
    )  # fmt: skip
    root = ET.fromstring(svg(figure))
    known = {"svg", "title", "desc", "g", "rect", "line", "path", "text", "circle"}
    assert {found.tag.removeprefix(SVG) for found in root.iter()} == known
    assert not [name for found in root.iter() for name in found.attrib if name.startswith(("on", "href", "style"))]
    assert root.find(f"{SVG}title").text == HOSTILE.replace("\x00", "�").replace("\x1b", "�").replace("\ud800", "�")


def test_a_figure_says_what_it_is() -> None:
    root = read(plot(Line(ENDS, "one")), title="結果", note="small print")
    named = [root.find(f".//*[@id='{own}']").text for own in root.get("aria-labelledby").split()]
    assert named == ["結果", "what it shows"]
    assert root.get("role") == "img"
    assert {"結果", "one", "small print", "x", "y"} <= set(words(root))


def test_an_id_that_could_break_out_is_refused() -> None:
    with pytest.raises(ValueError, match="not an id"):
        svg(Figure('a" onload="x', "t", "d", ()))


def test_everything_stands_on_the_paper() -> None:
    names = tuple(f"Region number {k} with a rather long name" for k in range(9))
    root = read(BarChart(names, (Series(tuple(range(9))), Series(tuple(range(9)))), Axis("money")))
    high = float(root.get("height"))
    assert all(0 <= float(found.get("y")) <= high for found in root.iter(f"{SVG}text"))


def test_long_text_is_broken_into_lines() -> None:
    assert lines("one two three", 12, 54) == ["one two", "three"]
    assert lines("大南方新矽谷", 12, 48) == ["大南方新", "矽谷"]
    assert lines("大南方新，矽谷", 12, 50) == ["大南方", "新，矽谷"]  # no line begins with a comma
    assert lines("", 12, 10) == [""]
