"""`regionopt new`: a commented case with its own tables, filled with the built-in numbers, to be edited."""

from __future__ import annotations

from pathlib import Path

from regionopt.case.case import load
from regionopt.common.errors import InputError, Problem
from regionopt.common.instance import METRICS
from regionopt.common.quantity import Quantity
from regionopt.result.files import write_folder
from regionopt.result.outputs import to_csv
from regionopt.result.result import Row

CASE = Path(__file__).parent / "starter.toml"


def make(folder: Path) -> Path:
    """Write the starter into a new or empty folder; returns the case file. Never overwrites anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Problem("folder_exists", str(folder))])
    files = {"case.toml": CASE.read_bytes(), **tables()}
    write_folder(folder, files)
    return folder / "case.toml"


def tables() -> dict[str, bytes]:
    """regions.csv, programmes' coefficients.csv and targets.csv of the built-in case, each number with its source."""
    resolved = load().resolved
    numbers = resolved.computed
    regions: list[Row] = [
        {
            "region": region.id,
            "name_zh": region.name_zh,
            "name_en": region.name_en,
            "county_codes": " ".join(region.counties),
            "population": repr(numbers[f"population.{region.id}"].value),
            **_provenance(numbers[f"population.{region.id}"]),
        }
        for region in resolved.context.sources.regions
    ]
    targets: list[Row] = []
    coefficients: list[Row] = []
    for path, quantity in numbers.items():
        kind, *key = path.split(".")
        if kind == "targets":
            row = {"metric": key[0], "region": key[1], "target": quantity.value, "must": False}
            targets.append({**row, **_provenance(quantity)})
        elif kind == "widths":
            index = dict(zip(("region", "programme", "tranche"), key, strict=True))
            given = {metric: numbers[f"returns.{metric}.{'.'.join(key)}"] for metric in METRICS}
            returns = {f"{metric}_per_unit": given[metric].value for metric in METRICS}
            provenance = {**_provenance(given["output"]), "unit": ""}
            coefficients.append({**index, "width": quantity.value, **returns, **provenance})
    return {
        "regions.csv": to_csv(regions),
        "coefficients.csv": to_csv(coefficients),
        "targets.csv": to_csv(targets),
    }


def _provenance(quantity: Quantity) -> Row:
    return {
        "unit": quantity.unit,
        "source": quantity.source,
        "date": quantity.date,
        "status": quantity.status.value,
    }
