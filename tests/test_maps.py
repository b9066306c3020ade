"""The map page as bytes (what a browser makes of it is in browser/), and the boundaries it is drawn from."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from documents import COUNTIES, document, regions
from shapely.geometry import LineString, Point, Polygon, box, mapping

from regionopt.common.errors import InputError, ToolError
from regionopt.maps import mapdata, shapes
from regionopt.maps.boundaries import regions_of
from regionopt.maps.classes import class_limits, wide_limits
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.drawing import drawing_of
from regionopt.maps.frame import frame_of
from regionopt.maps.geofiles import load_boundaries
from regionopt.maps.leaflet import OfflineMap, drawn, leaflet_style, refuse_external, shapes_layer
from regionopt.maps.maps import geometry, page

BUILT_IN = Path(__file__).parents[1] / "geodata" / "counties.geojson"
HOSTILE = (
    "{{7*7}}",
    "{% raw",
    "<img src=x onerror=alert(1)>",
    "</script><b>",
    "${alert(1)}",
    "`alert(1)`",
    "\u202eabc",
    "\u2028\u2029",
    "{value} of {regions}",
    "@@data@@",
)


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


@pytest.fixture(scope="module")
def html(boundaries: Boundaries) -> str:
    return page(document(), boundaries)


def problems(found: pytest.ExceptionInfo[InputError]) -> set[str]:
    assert str(found.value)  # every problem has its words
    assert all(problem.sentence("zh-TW") for problem in found.value.problems)
    return {problem.code for problem in found.value.problems}


def data_of(html: str) -> dict[str, Any]:
    written = re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', html, re.DOTALL)
    assert written
    return json.loads(written[1])


def collection(*features: tuple[dict[str, Any], Any], **keys: Any) -> str:
    made = [
        {"type": "Feature", "properties": properties, "geometry": shape and mapping(shape)}
        for properties, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made, **keys})


def saved(folder: Path, text: str) -> Path:
    path = folder / "counties.geojson"
    path.write_text(text, encoding="utf-8")
    return path


SQUARE = box(121, 24, 122, 25)


# --- The page -------------------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes(html: str) -> None:
    assert page(document(), built_in()) == html


def test_the_page_keeps_its_budget_of_bytes(html: str) -> None:
    assert len(html.encode()) <= 300_000


def test_the_page_names_its_language(boundaries: Boundaries, html: str) -> None:
    assert '<html lang="zh-TW">' in html
    assert '<html lang="en">' in page(document(), boundaries, "en")
    assert data_of(page(document(), boundaries, "en"))["language"] == "en"


def test_every_script_and_style_is_hashed_and_no_other_may_run(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for kind in ("script", "style"):
        bodies = re.findall(rf"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(b.encode()).digest()).decode()}'" for b in bodies}
        allowed = re.search(rf"{kind}-src ([^;]*)", policy[1])
        assert bodies
        assert allowed
        assert set(allowed[1].split()) == hashes


def test_the_licence_of_leaflet_travels_with_it(html: str) -> None:
    assert "BSD 2-Clause License" in html
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS" in html
    assert "sourceMappingURL" not in html


def test_geometry_is_written_once_with_ids_only(boundaries: Boundaries, html: str) -> None:
    made = geometry(drawing_of(boundaries, COUNTIES))
    names = [feature["properties"] for feature in made["features"]]
    outside = [f"c{boundaries.codes.index(code)}" for code in ("09007", "09020", "10016")]
    assert names == [{"id": name} for name in [*outside, "r0", "r1", "r2", "r3", "r4", "lines"]]
    assert html.count("geo_json_shapes_add({") == 1  # folium's own, without a shape
    data = data_of(html)
    assert list(data["shapes"]) == [name["id"] for name in names]
    for feature in made["features"]:
        parts = data["shapes"][feature["properties"]["id"]]
        coordinates = feature["geometry"]["coordinates"]
        nested = {"MultiPolygon": coordinates, "Polygon": [coordinates], "MultiLineString": [coordinates]}
        assert [[unpacked(line, data["scale"]) for line in part] for part in parts] == nested[
            feature["geometry"]["type"]
        ]


def unpacked(line: list[int], scale: int) -> list[list[float]]:
    """A line as the page's script reads it: sums of steps, then degrees."""
    xs, ys = accumulate(line[::2]), accumulate(line[1::2])
    return [[x / scale, y / scale] for x, y in zip(xs, ys, strict=True)]


def test_regions_cover_their_counties_and_lines_lie_inside(boundaries: Boundaries) -> None:
    drawing = drawing_of(boundaries, COUNTIES)
    county = dict(zip(boundaries.codes, boundaries.shapes, strict=True))
    for codes, whole in zip(COUNTIES.values(), drawing.regions.shapes, strict=True):
        assert whole.area == pytest.approx(sum(county[code].area for code in codes), rel=1e-9)
        inner = shapes.inner_lines([county[code] for code in codes], whole)
        assert inner.length > 0
        assert inner.intersection(whole.boundary).length == pytest.approx(0, abs=1e-9)


def test_data_carries_the_numbers_unrounded(html: str) -> None:
    data = data_of(html)
    (plan,) = data["plans"]
    assert (plan["at"], plan["spent"]) == (712.5, 712.5)
    assert [region["budget"] for region in plan["regions"]] == [231.9, 142.9, 169.4, 160.2, 8.1]
    assert plan["total"]["jobs"] == 57300 + 32000 + 41000 + 39500 + 2900
    assert data["members"][4] == [11, 10]  # Hualien, Taitung: rows of the built-in file


def test_a_missing_number_stays_missing_and_so_does_the_sum(boundaries: Boundaries) -> None:
    changed = regions()
    changed[1] |= {"output": None, "population": None, "budget_per_head": None}
    (plan,) = data_of(page(document(regions=changed), boundaries))["plans"]
    assert plan["regions"][1]["output"] is None
    assert plan["total"]["output"] is None
    assert plan["total"]["budget"] == pytest.approx(712.5)


@pytest.mark.parametrize("status", ["infeasible", "unbounded"])
def test_no_map_without_a_plan(boundaries: Boundaries, status: str) -> None:
    with pytest.raises(InputError) as found:
        page(document(status=status), boundaries)
    assert problems(found) == {"map_not_optimal"}


def test_broken_documents_are_refused_with_all_problems(boundaries: Boundaries) -> None:
    changed = regions()
    changed[1] |= {"id": "capital", "output": float("nan")}
    with pytest.raises(InputError) as found:
        page(document(regions=changed, budget={**document().budget.model_dump(), "spent": float("inf")}), boundaries)
    assert problems(found) == {"duplicate_id", "not_finite"}
    assert len(found.value.problems) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_json(boundaries: Boundaries, text: str) -> None:
    changed = document(
        title={"zh": text, "en": text},
        scenario=text,
        regions=regions(name_zh=text, name_en=text),
        budget={**document().budget.model_dump(), "unit": text},
        provenance={**document().provenance.model_dump(), "geometry": text},
    )
    named = replace(boundaries, name_zh=(text,) * 22, name_en=(text,) * 22)
    html = page(changed, named)
    data = data_of(html)
    assert data["title"] == {"zh-TW": text, "en": text}
    assert data["scenario"] == data["geometry"] == text
    assert data["regions"][4]["en"] == data["counties"][21]["zh-TW"] == text
    assert data["metrics"][0]["units"]["zh-TW"]["name"] == text
    element = re.search(r'<script type="application/json".*?</script>', html, re.DOTALL)
    assert element
    assert not re.search(
        "[<>&\u2028\u2029\u202a-\u202e]", element[0][len('<script type="application/json" id="plan-data">') : -9]
    )
    assert text not in html.replace(element[0], "")


@pytest.mark.parametrize(
    "fragment",
    [
        '<script src="https://cdn.example/leaflet.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/a.css">',
        '<img src="tile.png">',
        "<style>a{background:url(https://cdn.example/a.png)}</style>",
        "<style>@import 'a.css';</style>",
        '<p style="background:url(a.png)">x</p>',
        '<form action="https://example.org"></form>',
    ],
)
def test_a_page_that_needs_the_network_is_refused(html: str, fragment: str) -> None:
    refuse_external(html)
    with pytest.raises(ToolError):
        refuse_external(html.replace("</body>", fragment + "</body>"))


def test_a_folium_map_of_ours_asks_for_nothing() -> None:
    offline = OfflineMap(location=[23.6, 121.0])
    shapes_layer({"type": "FeatureCollection", "features": []}).add_to(offline)
    element, script = drawn(offline)
    assert element == '<div class="folium-map" id="map_plan" ></div>'
    assert "http" not in script
    assert "url(" not in leaflet_style()
    assert set(re.findall(r"url\((.{5})", leaflet_style(whole=True))) == {"data:"}


# --- Units and classes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([232.0, 8.1], [0, 50, 100, 150, 200, 250]),  # 232 / 5 = 46.4, next round step 50
        ([0.467] * 5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ([1.0], [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([107_500.0, None], [0, 25_000, 50_000, 75_000, 100_000, 125_000]),
        ([0.0, 0.0], [0, 1, 2, 3, 4, 5]),
        ([None], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_class_limits_are_round_and_start_at_zero(values: list[float | None], limits: list[float]) -> None:
    assert class_limits(values) == limits


@pytest.mark.parametrize(
    ("largest", "limits"),
    [
        (666.0, [0, 50, 100, 200, 500, 1000]),
        (500.0, [0, 20, 50, 100, 200, 500]),
        (0.03, [0, 0.002, 0.005, 0.01, 0.02, 0.05]),
        (0.0, [0, 0.05, 0.1, 0.2, 0.5, 1]),
    ],
)
def test_class_limits_of_plans_of_very_different_size_are_round(largest: float, limits: list[float]) -> None:
    assert wide_limits([largest, None, 0.0]) == limits


def test_a_hundred_million_is_a_tenth_of_a_billion() -> None:
    money = mapdata.units("money", "NT$ billion", 231.9)
    assert (money["en"].scale, money["en"].decimals, money["en"].name) == (1, 1, "NT$ billion")
    assert (money["zh-TW"].scale, money["zh-TW"].decimals, money["zh-TW"].name) == (10, 0, "億元")
    assert mapdata.units("head", "NT$ billion", 38_067.0)["zh-TW"].name == "元／人"


def test_other_currencies_are_shown_as_they_are() -> None:
    for language in mapdata.LANGUAGES:
        assert mapdata.units("money", "€ million", 5.0)[language].scale == 1
        assert mapdata.units("money", "€ million", 5.0)[language].name == "€ million"
    assert mapdata.units("head", "€ million", 5.0)["en"].name == "€ a person"  # given in single euros
    assert mapdata.units("head", "萬元", 5.0)["zh-TW"].name == "元／人"
    assert mapdata.units("head", "scrip", 5.0)["en"].name == "scrip a person"


@pytest.mark.parametrize(("largest", "decimals"), [(7000, 0), (712.5, 1), (8.1, 1), (0.5, 2), (0.004, 4), (0, 0)])
def test_decimals_follow_the_largest_number(largest: float, decimals: int) -> None:
    assert mapdata.units("money", "units", largest)["en"].decimals == decimals


# --- Boundaries -----------------------------------------------------------------------------------------------


def test_the_built_in_counties(boundaries: Boundaries) -> None:
    assert len(boundaries.codes) == 22
    assert "09007" in boundaries.codes
    # Read without GeoPandas and without a check, they are what it reads, checks and repairs.
    assert boundaries == load_boundaries(BUILT_IN)


def test_the_view_is_the_main_land_and_distant_islands_are_inset(boundaries: Boundaries) -> None:
    frame = frame_of(boundaries, {code for codes in COUNTIES.values() for code in codes})
    west, south, east, north = frame.view
    assert 119.4 < west < 119.6  # Penghu's main island, outside the plan but near
    assert 21.8 < south < 22
    assert 122 < east < 122.1
    assert 25.2 < north < 25.4
    assert [boundaries.codes[inset.county] for inset in frame.insets] == ["09007", "09020"]
    kinmen = frame.insets[1].box
    assert kinmen[2] < 118.6  # without Wuciou, 130 km to the east


def test_regions_carry_a_label_point_on_their_land(boundaries: Boundaries) -> None:
    made = regions_of(boundaries, COUNTIES)
    assert len(made.labels) == len(COUNTIES)
    assert shapely.contains(made.shapes, shapely.points(made.labels)).all()


def test_the_join_is_checked_both_ways_and_all_at_once(boundaries: Boundaries) -> None:
    with pytest.raises(InputError) as found:
        regions_of(boundaries, {"a": ["9007", "63000"], "b": ["63000"], "c": []})
    assert problems(found) == {"join_no_geometry", "join_twice", "join_empty_region"}
    assert "09007" in str(found.value)  # the nearest code is named


def test_missing_names_are_filled_in(tmp_path: Path) -> None:
    path = saved(
        tmp_path, collection(({"code": "A", "name": "Alpha"}, SQUARE), ({"code": "B"}, box(122, 24, 123, 25)))
    )
    counties = load_boundaries(path)
    assert counties.name_en == ("Alpha", "B")
    assert counties.name_zh == ("Alpha", "B")
    assert shapes.areas_km2(counties.shapes)[0] == pytest.approx(111.2 * 111.2 * 0.909, rel=0.02)  # cos 24.5° = 0.910


def test_rows_of_one_code_are_dissolved(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        collection(
            ({"code": "A"}, SQUARE), ({"code": "B"}, box(123, 24, 124, 25)), ({"code": "A"}, box(122, 24, 123, 25))
        ),
    )
    loaded = load_boundaries(path)
    assert loaded.codes == ("A", "B")
    assert loaded.shapes[0].area == pytest.approx(2)


def test_invalid_areas_are_repaired(tmp_path: Path) -> None:
    bow_tie = Polygon([(121, 24), (122, 25), (122, 24), (121, 25)])
    loaded = load_boundaries(saved(tmp_path, collection(({"code": "A"}, bow_tie))))
    assert loaded.shapes[0].is_valid
    assert loaded.shapes[0].area == pytest.approx(0.5)


def test_codes_written_as_numbers_become_text(tmp_path: Path) -> None:
    path = saved(tmp_path, collection(({"n": 9007.0}, SQUARE), ({"n": 12}, box(123, 24, 124, 25))))
    assert load_boundaries(path, id_column="n").codes == ("9007", "12")


def test_large_files_are_thinned_without_gaps(tmp_path: Path) -> None:
    shared = [(122 + 0.01 * math.sin(step / 900), 24 + step / 15_000) for step in range(15_001)]
    left, right = Polygon([(121, 25), (121, 24), *shared]), Polygon([(123, 25), (123, 24), *shared])
    assert shapely.get_num_coordinates([left, right]).sum() > shapes.LARGE
    loaded = load_boundaries(saved(tmp_path, collection(({"code": "A"}, left), ({"code": "B"}, right))))
    assert shapely.get_num_coordinates(loaded.shapes).sum() < 2_000
    assert shapely.coverage_is_valid(loaded.shapes)


def test_a_projected_file_is_turned_into_degrees(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": ["A"]}, geometry=[SQUARE], crs=4326).to_crs(3826)
    frame.to_file(tmp_path / "a.gpkg", layer="areas")
    west, south, east, north = shapely.total_bounds(load_boundaries(tmp_path / "a.gpkg").shapes)
    assert (west, south, east, north) == pytest.approx((121, 24, 122, 25), abs=1e-3)
    with pytest.raises(InputError) as found:
        load_boundaries(tmp_path / "a.gpkg", layer="roads")
    assert problems(found) == {"boundaries_layer"}


TOPOLOGY = {
    "type": "Topology",
    "arcs": [[[121, 24], [122, 24], [122, 25], [121, 24]]],
    "objects": {
        "c": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"code": "A"}}],
        }
    },
}


def test_topojson_says_no_coordinate_system_so_one_is_demanded(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(TOPOLOGY))
    with pytest.raises(InputError) as found:
        load_boundaries(path)
    assert problems(found) == {"boundaries_no_crs"}
    assert load_boundaries(path, crs="EPSG:4326").codes == ("A",)
    with pytest.raises(InputError) as found:
        load_boundaries(path, crs="EPSG:banana")
    assert problems(found) == {"boundaries_crs_unknown"}
    with pytest.raises(InputError) as found:
        load_boundaries(path, crs="EPSG:3857")  # degrees declared to be metres
    assert problems(found) == {"boundaries_tiny"}


def test_pixels_are_no_longitudes(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        load_boundaries(saved(tmp_path, collection(({"code": "A"}, box(100, 200, 700, 900)))))
    assert problems(found) == {"boundaries_not_lonlat"}


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = saved(
        tmp_path, collection(({"code": None}, SQUARE), ({"code": "B"}, Point(121, 24)), ({"code": "C"}, None))
    )
    with pytest.raises(InputError) as found:
        load_boundaries(path, crs="EPSG:nonsense")
    assert problems(found) == {"boundaries_id_empty", "boundaries_not_areas", "boundaries_crs_unknown"}
    assert "2, 3" in str(found.value)  # rows without an area


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (collection(({"codes": "A"}, SQUARE)), "boundaries_id_column"),
        (collection(({"code": "A"}, LineString([(121, 24), (122, 25)]))), "boundaries_not_areas"),
        (collection(), "boundaries_empty"),
        ("{", "boundaries_unreadable"),
        ("", "boundaries_unreadable"),
    ],
)
def test_files_that_are_no_boundaries_are_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as found:
        load_boundaries(saved(tmp_path, text))
    assert problems(found) == {code}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        load_boundaries(tmp_path / "none.geojson")
    assert problems(found) == {"boundaries_missing"}
    assert "none.geojson" in str(found.value)


def test_a_region_of_islands_is_labelled_where_it_can_be_seen():
    # The largest of the three counties is Kinmen, which is drawn in an inset; Penghu is in the view.
    boundaries = built_in()
    islands = ("10016", "09020", "09007")
    mainland = tuple(code for code in boundaries.codes if code not in islands)
    drawing = drawing_of(boundaries, {"mainland": mainland, "islands": islands})
    west, south, east, north = drawing.frame.view
    for lon, lat in drawing.regions.labels:
        assert west <= lon <= east
        assert south <= lat <= north


def test_a_region_that_lies_in_an_inset_alone_keeps_its_label():
    boundaries = built_in()
    mainland = tuple(code for code in boundaries.codes if code != "09007")
    drawing = drawing_of(boundaries, {"mainland": mainland, "lienchiang": ("09007",)})
    alone = regions_of(boundaries, {"lienchiang": ("09007",)})
    # Metres are measured around the centre of what is drawn: the point may move by some tens of them.
    assert drawing.regions.labels[1] == pytest.approx(alone.labels[0], abs=1e-3)
