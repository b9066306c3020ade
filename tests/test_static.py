"""Maps as pictures: what is in the SVG, and what a reader who cannot see it is told."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import pytest
from documents import COUNTIES, document, regions
from shapely.geometry import box

from regionopt.charts.lettering import isolated, width, wrapped
from regionopt.common.document import ResultDocument
from regionopt.common.errors import InputError
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.drawing import drawing_of
from regionopt.maps.geofiles import load_boundaries
from regionopt.maps.mapdata import METRICS, page_data
from regionopt.maps.plans import numbers
from regionopt.static.difference_map import difference_svg
from regionopt.static.ground import Ground, ground_of
from regionopt.static.plan_map import alternative, caption, map_svg

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "]]></text><b>",
    "&amp; \"'",
    "=cmd|' /C calc'!A0",
    "{value}",
    "\u202eabc",
)
TAGS = (
    "svg",
    "title",
    "desc",
    "metadata",
    "defs",
    "pattern",
    "rect",
    "line",
    "path",
    "clipPath",
    "g",
    "text",
    "circle",
)
AMOUNTS = {
    "zh-TW": ("首都圈黃金廊帶 2,320 億元", "金門縣"),
    "en": ("Capital Golden Corridor NT$\u00a0232.0 billion", "Kinmen"),
}
LANGUAGES = ("zh-TW", "en")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return built_in()


@pytest.fixture(scope="module")
def ground(boundaries: Boundaries) -> Ground:
    return ground_of(drawing_of(boundaries, COUNTIES))


def result(name: str) -> ResultDocument:
    return ResultDocument.model_validate_json((ROOT / "maps/taiwan-2040" / name / "result.json").read_bytes())


def texts(svg: str) -> list[str]:
    """Every line of text, as it is drawn."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """The labels on the map: left, top, right, bottom."""
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class") == "label":
            x, y = map(float, re.findall(r"[-.\d]+", group.get("transform", "")))
            plate = group.find(f"{SVG}rect")
            assert plate is not None
            found.append((x, y, x + float(plate.get("width", "")), y + float(plate.get("height", ""))))
    return found


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


# --- The picture ------------------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes(boundaries: Boundaries, ground: Ground) -> None:
    assert map_svg(document(), ground_of(drawing_of(boundaries, COUNTIES))) == map_svg(document(), ground)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("metric", [metric.field for metric in METRICS])
def test_numbers_classes_and_units_are_those_of_the_page(ground: Ground, metric: str, language: Any) -> None:
    shown = result("base")
    told = next(one for one in page_data(shown, language)["metrics"] if one["key"] == metric)
    unit, limits = told["units"][language], told["limits"]
    lines = texts(map_svg(shown, ground, metric, language))
    for region in shown.regions:
        value = numbers(region, shown.budget.unit)[metric]
        assert value is not None
        number = f"{value * unit['scale']:,.{unit['decimals']}f}"
        assert number + ("%" if unit["name"] == "%" else "") in lines
    assert sum("–" in line and line[0].isdigit() for line in lines) == len(limits) - 1
    assert unit["name"] in lines[0]


def test_each_region_is_filled_by_the_class_of_its_value(ground: Ground) -> None:
    # Limits 0, 50, …, 250: 231.9 is in the fifth class, 142.9 in the third, 169.4 and 160.2 in the fourth, 8.1 first.
    root = ElementTree.fromstring(map_svg(document(), ground, "budget", "en"))
    colours = [path.get("fill") for path in root.iter(f"{SVG}path") if (path.get("fill") or "").startswith("#")]
    assert [fill for fill in colours if fill != "#d9dde0"] == ["#253494", "#41b6c4", "#2c7fb8", "#2c7fb8", "#ffffcc"]


def test_a_marked_region_stands_out(ground: Ground) -> None:
    plain, marked = map_svg(document(), ground, "budget", "en"), map_svg(document(), ground, "budget", "en", "east")
    assert "#c2410c" not in plain
    assert marked.count('stroke="#c2410c"') == 1
    assert marked.count('fill-opacity="0.3"') == 4


def test_a_limit_belongs_to_the_class_above_it(ground: Ground) -> None:
    same = document(regions=[dict(region, budget=50.0) for region in regions()])
    assert map_svg(same, ground, "budget", "en").count('fill="#253494"') == 5 + 1  # 0, 10, …, 50: and its swatch


def test_missing_numbers_and_counties_outside_are_hatched_and_told(ground: Ground) -> None:
    missing = document(regions=[dict(region, budget=None if region["id"] == "east" else 1.0) for region in regions()])
    svg = map_svg(missing, ground, "budget", "en")
    assert svg.count("url(#map-budget-en-missing)") == 2  # the region, and the legend
    assert "No data" in texts(svg)
    assert "–" in texts(svg)
    assert "Outside the plan" in texts(svg)
    assert "No data" not in texts(map_svg(document(), ground, "budget", "en"))
    assert "East No data" in alternative(missing, ground, "budget", "en").description


def test_kinmen_and_lienchiang_are_in_insets_only(ground: Ground) -> None:
    far = [ground.counties[inset.county]["en"] for inset in ground.insets]
    assert far == ["Lienchiang County", "Kinmen County"]
    assert not {inset.county for inset in ground.insets} & set(ground.land.outside)
    assert {"金門縣", "連江縣"} <= set(texts(map_svg(document(), ground)))


def test_a_region_that_lies_in_an_inset_has_its_number_there(boundaries: Boundaries) -> None:
    kinmen = dict(regions()[0], id="kinmen", name_en="Kinmen", counties=["09020"], budget=3.25)
    shown = document(regions=[*regions(), kinmen])
    there = ground_of(drawing_of(boundaries, {**COUNTIES, "kinmen": ("09020",)}))
    assert there.anchors[-1] is None
    assert texts(map_svg(shown, there, "budget", "en")).count("3.3") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_says_to_who_cannot_see_it(ground: Ground, language: Any) -> None:
    root = ElementTree.fromstring(map_svg(result("base"), ground, "budget", language))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    said = alternative(result("base"), ground, "budget", language)
    assert (title.text, desc.text) == (said.title, said.description)
    assert all(words in said.description for words in AMOUNTS[language])
    other = alternative(result("base"), ground, "budget", "en" if language == "zh-TW" else "zh-TW")
    metadata = root.find(f"{SVG}metadata")
    assert metadata is not None
    assert metadata.text == f"{other.title}\n{other.description}"


def test_captions_name_what_is_shown() -> None:
    assert caption(result("base"), "jobs", "en") == (
        "Jobs by region (jobs). Taiwan's five AI regions, budget to 2040, scenario base."
    )
    assert (
        caption(result("base"), "jobs", "zh-TW") == "各區域就業機會（個）。臺灣五大AI區域預算配置 2040，情境：base。"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_text(ground: Ground, hostile: str) -> None:
    shown = document(regions=regions(name_en=hostile), title={"zh": hostile, "en": hostile}, scenario=hostile)
    svg = map_svg(shown, ground, "budget", "en")
    joined = ["".join(texts(svg)), alternative(shown, ground, "budget", "en").description]
    assert all(hostile.replace(" ", "") in told.replace(" ", "") for told in joined)
    elements = list(ElementTree.fromstring(svg).iter())
    assert {element.tag for element in elements} <= {SVG + tag for tag in TAGS}
    assert not any(key.startswith("on") or "href" in key for element in elements for key in element.attrib)


def test_characters_that_xml_refuses_are_marked(ground: Ground) -> None:
    svg = map_svg(document(regions=regions(name_en="a\x00b\x1f\ud800")), ground, "budget", "en")
    assert "a\ufffdb\ufffd\ufffd" in texts(svg)


def test_words_read_from_the_right_are_set_apart() -> None:
    assert isolated("East") == "East"
    assert isolated("\u202eabc") == "\u2068\u202eabc\u2069"


def test_ids_differ_between_maps_of_one_page(ground: Ground) -> None:
    ids = [
        re.findall(r' id="([^"]+)"', map_svg(document(), ground, metric, language))
        for metric in ("budget", "jobs")
        for language in LANGUAGES
    ]
    together = [one for found in ids for one in found]
    assert len(set(together)) == len(together) > 0


def test_a_document_without_a_plan_is_refused(ground: Ground) -> None:
    with pytest.raises(InputError, match="taiwan-2040/base"):
        map_svg(document(status="infeasible"), ground)


# --- Labels -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("metric", [metric.field for metric in METRICS])
def test_every_region_has_a_label_and_no_two_meet(ground: Ground, metric: str, language: Any) -> None:
    found = boxes(map_svg(result("base"), ground, metric, language))
    assert len(found) == 5
    assert all(apart(one, other) for one, other in combinations(found, 2))
    assert all(left >= 0 and top >= 0 and right <= 640 for left, top, right, _ in found)


def test_a_name_of_200_characters_is_cut_and_meets_nothing(ground: Ground) -> None:
    found = boxes(map_svg(document(regions=regions(name_en="W" * 200, name_zh="長" * 200)), ground, "budget", "en"))
    assert len(found) == 5
    assert all(apart(one, other) for one, other in combinations(found, 2))


def test_sixty_regions_stay_readable(tmp_path: Path) -> None:
    cells = [box(-120 + 4 * x, 28 + 4 * y, -116 + 4 * x, 32 + 4 * y) for x in range(12) for y in range(5)]
    file = tmp_path / "cells.geojson"
    gpd.GeoDataFrame({"code": [f"c{n}" for n in range(60)]}, geometry=cells, crs="EPSG:4326").to_file(file)
    cell = regions()[0]
    shown = document(regions=[dict(cell, id=f"r{n}", counties=[f"c{n}"], budget=float(n)) for n in range(60)])
    there = ground_of(drawing_of(load_boundaries(file), {region.id: region.counties for region in shown.regions}))
    found = boxes(map_svg(shown, there, "budget", "en"))
    assert len(found) >= 50
    assert all(apart(one, other) for one, other in combinations(found, 2))


# --- Lettering --------------------------------------------------------------------------------------------------


def test_lines_keep_their_room() -> None:
    for words in ("Capital Golden Corridor", "中部精密智慧新核心", "W" * 50, "a-b-c " * 20):
        lines = wrapped(words, 12, 80, most=3)
        assert len(lines) <= 3
        assert all(width(line, 12) <= 80 for line in lines)


def test_nothing_is_lost_unless_it_is_cut() -> None:
    assert " ".join(wrapped("Capital Golden Corridor", 12, 100)) == "Capital Golden Corridor"
    assert "".join(wrapped("中部精密智慧新核心", 12, 60)) == "中部精密智慧新核心"
    assert wrapped("W" * 50, 12, 60, most=2)[-1].endswith("…")


def test_signs_that_close_begin_no_line() -> None:
    assert wrapped("預算，億元", 12, 36) == ["預算，", "億元"]


# --- Differences ------------------------------------------------------------------------------------------------


def compared(name: str) -> dict[str, Any]:
    """What the page of differences knows of base and another gallery plan; nothing is told of it here."""
    from regionopt.compare.difference import page_data as difference_data
    from regionopt.compare.sides import Side

    sides = [
        Side(one, "folder", {"result.json": (ROOT / "maps/taiwan-2040" / one / "result.json").read_bytes()}, None)
        for one in ("base", name)
    ]
    nothing = [{"zh-TW": "", "en": ""}]
    return difference_data(sides, {name: nothing, "base": nothing}, "en")


def test_differences_have_signs_and_colours_on_both_sides_of_zero(ground: Ground) -> None:
    data = compared("east-floor")
    svg = difference_svg(data, ground, 0, "budget", "en")
    base, other = result("base"), result("east-floor")
    for before, after in zip(base.regions, other.regions, strict=True):
        assert before.budget is not None
        assert after.budget is not None
        assert f"{after.budget - before.budget:+,.1f}".replace("-", "−") in texts(svg)
    assert "No change (under ±0.05)" in " ".join(texts(svg))
    assert "east-floor against base" in texts(svg)
    fills = re.findall(r'fill="(#[0-9a-f]{6})"', svg)
    assert {"#b35806", "#f7f7f7", "#542788"} <= set(fills)


def test_compare_writes_its_difference_maps_as_svg(tmp_path: Path) -> None:
    folders = [str(ROOT / "maps/taiwan-2040" / name) for name in ("base", "east-floor")]
    command = [sys.executable, "-m", "regionopt", "compare", *folders, "--svg", "--lang", "en", "--name", "c", "-q"]
    subprocess.run([*command, "--out", str(tmp_path)], check=True)
    found = list((tmp_path / "taiwan-2040" / "c").glob("difference.*.svg"))
    assert len(found) == 1
    assert "+27.5" in texts(found[0].read_text(encoding="utf-8"))


def test_no_difference_has_no_sign(ground: Ground) -> None:
    lines = texts(difference_svg(compared("base"), ground, 0, "budget", "en"))
    assert lines.count("0") == 5
