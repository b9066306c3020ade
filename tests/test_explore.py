"""`result.explore`: GeoPandas' names, colours and classes by hand, refusals, and text that no template reads."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

import folium
import geopandas
import pytest
from branca.colormap import LinearColormap, StepColormap
from folium.plugins import MarkerCluster

import regionopt as ro
from regionopt.explore import colouring
from regionopt.explore.explore import explore
from regionopt.explore.layer import said
from regionopt.explore.scale import bar_of, plain
from regionopt.explore.scripts import inert, literal

HOSTILE = "</script><script>alert(1)</script>{{7*7}}{% nothing %}{# x #}${alert(2)}"
BUDGETS = [231.97, 142.77, 169.49, 160.12, 8.13]


@cache
def result() -> ro.Result:
    return ro.load("taiwan-2040").solve()


def frame(**columns: Any) -> geopandas.GeoDataFrame:
    return result().shapes.assign(**columns)


def codes(found: pytest.ExceptionInfo[ro.InputError]) -> set[tuple[str, str]]:
    return {(problem.code, problem.place) for problem in found.value.problems}


def page(m: folium.Map) -> str:
    return m.get_root().render()


def fills(m: folium.Map) -> list[str]:
    """The colour of each region, as folium was told."""
    layer = next(child for child in m._children.values() if isinstance(child, folium.GeoJson))
    return [layer.style_function(feature)["fillColor"] for feature in layer.data["features"]]


# --- names and refusals ----------------------------------------------------------------------------------------


def test_arguments_are_those_of_geopandas_in_their_order() -> None:
    ours = list(inspect.signature(explore).parameters)
    theirs = list(inspect.signature(geopandas.GeoDataFrame.explore).parameters)
    if theirs[1:] == ["args", "kwargs"]:  # the method hands on to the function that documents them
        from geopandas.explore import _explore

        theirs = list(inspect.signature(_explore).parameters)
    assert ours[1:-1] == theirs[1:-1]


@pytest.mark.parametrize(
    ("arguments", "code", "place"),
    [
        ({"marker_type": "circle"}, "explore_marker", "explore(marker_type)"),
        ({"marker_kwds": {"radius": 3}}, "explore_marker", "explore(marker_kwds)"),
        ({"colour": "red"}, "explore_unknown", "explore(colour)"),
        ({"style_kwds": {"fill_colour": "red"}}, "explore_unknown", "explore(style_kwds.fill_colour)"),
        ({"legend_kwds": {"loc": "left"}}, "explore_unknown", "explore(legend_kwds.loc)"),
        ({"column": "bugdet"}, "explore_column", "explore(column)"),
        ({"tooltip": ["jbos"]}, "explore_column", "explore(tooltip)"),
        ({"column": [1, 2]}, "explore_length", "explore(column)"),
        ({"color": ["red"]}, "explore_length", "explore(color)"),
        ({"tooltip": ["jobs"], "tooltip_kwds": {"aliases": ["a", "b"]}}, "explore_length", None),
        ({"scheme": "FisherJenks"}, "explore_scheme", "explore(scheme)"),
        ({"cmap": "jet"}, "explore_cmap", "explore(cmap)"),
        ({"color": "url(http://x.org)"}, "explore_colour", "explore(color)"),
        ({"cmap": lambda _: (0, 0, 1)}, "explore_colour", "explore(cmap)"),
        ({"style_kwds": {"color": "{{7*7}}"}}, "explore_colour", "explore(style_kwds.color)"),
        ({"vmax": 3, "scheme": "quantiles"}, "explore_unused", "explore(vmax)"),
        ({"cmap": LinearColormap(["red", "blue"]), "vmin": 0}, "explore_unused", "explore(vmin)"),
        ({"legend_kwds": {"interval": True}}, "explore_unused", "explore(legend_kwds.interval)"),
        ({"color": "red", "cmap": "Blues"}, "explore_unused", "explore(cmap)"),
        ({"tiles": "https://example.org/{z}/{x}/{y}.png"}, "explore_tiles", "explore(tiles)"),
        ({"m": folium.Map()}, "explore_map", "explore(m)"),
    ],
)
def test_what_is_not_supported_is_refused(arguments: dict[str, Any], code: str, place: str | None) -> None:
    with pytest.raises(ro.InputError) as found:
        result().explore(**arguments)
    assert {name for name, _ in codes(found)} == {code}
    assert place is None or {at for _, at in codes(found)} == {place}


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ro.InputError) as found:
        result().explore(marker_type="marker", colour=1, style_kwds={"colour": 1})
    assert len(codes(found)) == 3


def test_without_a_plan_there_is_no_map() -> None:
    case = ro.load("taiwan-2040", sets=["targets.jobs.must=east", "regions.east.ceiling=5"])
    with pytest.raises(ro.InputError) as found:
        case.solve().explore()
    assert codes(found) == {("map_not_optimal", "explore")}


# --- colours and classes, by hand ------------------------------------------------------------------------------


def test_a_scale_goes_from_the_least_to_the_largest_value() -> None:
    """YlGnBu of nine colours begins with #ffffd9 and ends with #081d58."""
    found = fills(result().explore("budget"))
    assert found[0] == "#081d58"
    assert found[4] == "#ffffd9"
    assert fills(result().explore("budget", cmap="YlGnBu_r"))[0] == "#ffffd9"


def test_the_ends_of_a_scale_may_be_given() -> None:
    found = fills(result().explore("budget", cmap=["#000000", "#ffffff"], vmin=0, vmax=100))
    assert found[:4] == ["#ffffff"] * 4  # beyond the end
    assert found[4] == "#141414"  # 8.127 / 100 · 255.9999 = 20.8


@pytest.mark.parametrize(
    ("scheme", "kwds", "limits"),
    [
        ("EqualInterval", {}, [82.7433, 157.3567, 231.97]),  # 8.13 + 223.84 / 3, …
        ("equal_interval", {}, [82.7433, 157.3567, 231.97]),
        ("quantiles", {}, [148.5533, 166.3667, 231.97]),  # 4/3 and 8/3 of four steps on
        ("UserDefined", {"bins": [100, 150]}, [100, 150, 231.97]),
        ("UserDefined", {"bins": [100, 300]}, [100, 300]),
    ],
)
def test_classes_are_those_of_mapclassify(scheme: str, kwds: dict[str, Any], limits: list[float]) -> None:
    assert colouring.upper_limits(BUDGETS, scheme, 3, kwds) == pytest.approx(limits, abs=1e-3)


def test_a_value_on_a_limit_is_in_the_class_below() -> None:
    found = colouring.classes([10, 20, 20.1, None], ["#000000", "#ffffff"], [20, 30], {"colorbar": False}, 10)
    assert found.fills == ("#000000", "#000000", "#ffffff", None)
    assert [words for _, words in found.entries] == ["10.00, 20.00", "20.00, 30.00"]
    told = {"colorbar": False, "interval": True, "fmt": "{:.0f}"}
    brackets = colouring.classes([10, 20, 30], None, [20, 30], told, 10)
    assert [words for _, words in brackets.entries] == ["[10, 20]", "(20, 30]"]


def test_a_bar_shows_classes_as_wide_as_they_are() -> None:
    found = colouring.classes([0, 100], ["#000000", "#ffffff"], [25, 100], {"fmt": "{:.0f}"}, 0)
    assert found.bar == {
        "stops": ["#000000 0%", "#000000 25%", "#ffffff 25%", "#ffffff 100%"],
        "ticks": [(0.0, "0"), (0.25, "25"), (1.0, "100")],
    }
    equal = colouring.classes([0, 100], None, [25, 100], {"fmt": "{:.0f}", "scale": False}, 0)
    assert equal.bar is not None
    assert equal.bar["ticks"] == [(0.0, "0"), (0.5, "25"), (1.0, "100")]


def test_categories_have_a_colour_each_and_booleans_are_two() -> None:
    m = explore(frame(rich=[True, False, True, True, False]), "rich", cmap=["red", "blue"])
    assert fills(m) == ["blue", "red", "blue", "blue", "red"]
    named = explore(frame(), "name_en", categories=["East", "Central"])
    assert fills(named)[4] != fills(named)[2] != colouring.MISSING
    assert fills(named)[0] == colouring.MISSING  # not among the categories
    assert len(set(fills(explore(frame(), "budget", categorical=True)))) == 5


def test_a_function_colours_by_the_value_and_a_column_by_itself() -> None:
    assert fills(result().explore(cmap=lambda value: "green" if value > 150 else "#ff0000")) == [
        "green", "#ff0000", "green", "green", "#ff0000",
    ]  # fmt: skip
    own = frame(paint=["red", "green", "blue", "orange", "#123456"])
    assert fills(explore(own, color="paint")) == ["red", "green", "blue", "orange", "#123456"]


def test_missing_values_have_their_colour_and_their_entry() -> None:
    m = explore(
        frame(some=[1.0, None, 3.0, float("nan"), 2.0]), "some", missing_kwds={"color": "black", "label": "none"}
    )
    assert fills(m)[1] == fills(m)[3] == "black"
    assert '\\"black\\", \\"none\\"' in page(m)
    assert set(fills(result().explore("floor"))) == {colouring.MISSING}


def test_a_style_function_sees_the_row() -> None:
    def bold(feature: dict[str, Any]) -> dict[str, Any]:
        return {"weight": 9 if feature["properties"]["jobs"] > 50_000 else 1}

    m = result().explore(style_kwds={"color": "red", "style_function": bold})
    layer = next(child for child in m._children.values() if isinstance(child, folium.GeoJson))
    assert [layer.style_function({"id": str(row)})["weight"] for row in range(5)] == [9, 1, 1, 1, 1]
    assert layer.style_function({"id": "0"})["color"] == "red"


def test_numbers_in_words() -> None:
    assert [said(value) for value in (31567.49301, 7348534, 0.5, None, (1, 2), "a")] == [
        "31,567.493", "7,348,534", "0.5", "–", "1, 2", "a",
    ]  # fmt: skip
    assert plain([0, 0.0125, 0.025]) == ["0.0000", "0.0125", "0.0250"]
    assert plain([0, 116, 232]) == ["0", "116", "232"]


def test_a_scale_of_branca_becomes_a_bar() -> None:
    steps = StepColormap(["#ff0000", "#0000ff"], [0, 1, 4], 0, 4)
    assert bar_of(steps, [0, 4])["stops"] == ["#ff0000 0%", "#ff0000 25%", "#0000ff 25%", "#0000ff 100%"]


# --- offline ---------------------------------------------------------------------------------------------------


def test_the_same_map_gives_the_same_bytes() -> None:
    assert page(result().explore()) == page(result().explore())
    m = result().explore()
    assert page(m) == page(m)


@pytest.mark.parametrize(
    ("layer", "address"),
    [
        (lambda: folium.TileLayer("OpenStreetMap"), "https://tile.openstreetmap.org/{z}/{x}/{y}.png"),
        (lambda: folium.Marker([24, 121], icon=folium.Icon()), "folium.Icon (Leaflet.awesome-markers, Font Awesome)"),
        (lambda: folium.Marker([24, 121], popup='<img src="https://x.org/a.png">'), "https://x.org/a.png"),
        (lambda: folium.Marker([24, 121], icon=folium.CustomIcon("http://x.org/i.png")), "http://x.org/i.png"),
        (lambda: MarkerCluster(), None),
        (
            lambda: folium.raster_layers.ImageOverlay("https://x.org/a.png", [[22, 120], [25, 122]]),
            "https://x.org/a.png",
        ),
    ],
    ids=["tiles", "icon", "popup", "custom icon", "script", "image"],
)
def test_what_would_load_something_is_refused_and_nothing_is_written(
    layer: Any, address: str, tmp_path: Path
) -> None:
    m = result().explore()
    layer().add_to(m)
    with pytest.raises(ro.InputError) as found:
        m.save(tmp_path / "map.html")
    assert {problem.code for problem in found.value.problems} == {"explore_external"}
    assert address is None or address in {problem.value for problem in found.value.problems}
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_no_reference(tmp_path: Path) -> None:
    m = result().explore()
    folium.Marker([24, 121], popup='<a href="https://example.org">more</a>').add_to(m)
    m.save(str(tmp_path / "map.html"))
    assert (tmp_path / "map.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with (tmp_path / "two.html").open("wb") as file:
        m.get_root().save(file)
    assert (tmp_path / "two.html").read_bytes() == (tmp_path / "map.html").read_bytes()


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        ("osm", "https://tile.openstreetmap.org"),
        ("nlsc", "https://wmts.nlsc.gov.tw"),
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "https://*.tiles.example.org"),
    ],
)
def test_tiles_that_were_asked_for_are_allowed_alone(tiles: str, host: str) -> None:
    made = page(result().explore(tiles=tiles, attr="mine"))
    policy = re.search(r'content="(default-src.*?)"', made)
    assert policy
    images = policy[1].rpartition("img-src ")[2]
    assert images == f"data: {host}"
    assert "default-src 'none'" in policy[1]


def test_text_in_braces_is_never_a_template() -> None:
    names = [HOSTILE] * 5
    m = explore(
        frame(name_en=names, group=names), "group", name=HOSTILE, legend_kwds={"caption": HOSTILE}, popup=True
    )
    m = explore(frame(name_en=names), "budget", m=m, name="{{ 1/0 }}")
    folium.LayerControl().add_to(m)
    made = page(m)
    assert "49" not in re.sub(r"[\d.]{4,}|\w*49\w+", "", made.split("regionoptWords(")[-1])
    assert "<script>alert(1)" not in made


def test_inert_text_comes_back_as_it_was() -> None:
    written = inert({"a": HOSTILE})
    assert not re.search(r"[{}<>&%#]", written)
    assert literal("{{ a }}") == "{% raw %}{{{% endraw %} a }}"


def test_a_notebook_shows_it_in_a_frame_that_reaches_nothing() -> None:
    shown = result().explore()._repr_html_()
    assert shown.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert re.search(r'" sandbox="allow-scripts" title="[^"]+"', shown)
    assert "allow-same-origin" not in shown
