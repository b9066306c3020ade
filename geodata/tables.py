"""Turn the raw tables of counties and sectors into the published ones, by pure functions on exact fractions.

A row is a dict of text. Values are text in and text out; between them they are fractions, so that no table
depends on the order of an addition. Units, definitions and sources of every column: `dictionary.csv`.
"""

import csv
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]
Table = list[Row]

STANDINGS = {
    "official-seen": "official",  # seen in the publisher's own document
    "secondary-seen": "press",  # a published figure seen in somebody else's copy: a newspaper, a code host
    "secondary-seen; derived": "derived",  # computed from such figures, by us or by the copy
    "chosen": "assumption",  # chosen by this project, whatever it was inspired by
}
STATISTICS = (
    "land_area",
    "population",
    "employed_residents",
    "median_pay",
    "taxable_income",
    "output_weight",
)


def read_rows(path: Path) -> Table:
    """Read a UTF-8 CSV file; every value stays text, so 09007 keeps its zero."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def short(value: Fraction) -> str:
    """Write a number as briefly as it stays exact to a float: 7000, 0.36, 712.5."""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def publish(row: Row) -> Row:
    """Replace how a row was seen (`confidence`) by its standing (`status`); KeyError for an unknown word."""
    kept = {column: value for column, value in row.items() if column != "confidence"}
    return kept | {"status": STANDINGS[row["confidence"]]}


def sectors(raw: Table, programmes: Table) -> Table:
    """Keep the sectors that programmes use; jobs per NT$100m of output become jobs per NT$ billion."""
    used = {row["sector"] for row in programmes}
    return [
        {
            "sector": row["sector"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "output_multiplier": row["output_multiplier"],
            "jobs_per_output": short(10 * Fraction(row["jobs_per_ntd100m"])),
            "unit": "1; jobs per NT$ billion",
            "source": row["source"],
            "date": row["date"],
            "status": STANDINGS[row["confidence"]],
        }
        for row in raw
        if row["sector"] in used
    ]


def values(raw: Table, indicator: str) -> dict[str, Fraction]:
    """Return one indicator of the raw county table by county code."""
    return {r["county_code"]: Fraction(r["value"]) for r in raw if r["indicator"] == indicator}


def shares(amounts: dict[str, Fraction], codes: Iterable[str]) -> dict[str, Fraction]:
    """Divide the amounts of the given counties by their sum."""
    chosen = {code: amounts[code] for code in codes}
    return {code: amount / sum(chosen.values()) for code, amount in chosen.items()}


def blend(
    pay: dict[str, Fraction], income: dict[str, Fraction], capital: Sequence[str], target: Fraction
) -> Fraction:
    """Solve w × pay + (1 − w) × income = target over the capital's shares; ValueError unless 0 ≤ w ≤ 1."""
    of_pay = sum((pay[code] for code in capital), Fraction(0))
    of_income = sum((income[code] for code in capital), Fraction(0))
    weight = (target - of_income) / (of_pay - of_income)
    if not 0 <= weight <= 1:
        raise ValueError(f"output_weight: w = {float(weight)} must be between 0 and 1; check capital_output_share")
    return weight


def output_weights(raw: Table, regions: Table, capital_share: Fraction) -> Table:
    """Share of each of the plan's counties in the output target: pay bill and taxable income, blended."""
    members = {row["region"]: row["county_codes"].split() for row in regions}
    plan = [code for codes in members.values() for code in codes]
    employed, median_pay = values(raw, "employed_residents"), values(raw, "median_pay")
    pay = shares({code: employed[code] * median_pay[code] for code in plan}, plan)
    income = shares(values(raw, "taxable_income"), plan)
    weight = blend(pay, income, members["capital"], capital_share)
    source = (
        f"w × share of employed_residents × median_pay + (1 − w) × share of taxable_income, shares among the "
        f"{len(plan)} counties of regions.csv; w = {float(weight):.6f}, solved so that the capital region "
        f"has capital_output_share = {short(capital_share)} (facts.csv) exactly"
    )
    fixed = {"indicator": "output_weight", "unit": "1", "year": "2024", "source": source}
    return [
        {"county_code": code, "value": repr(float(weight * pay[code] + (1 - weight) * income[code]))}
        | fixed
        | {"status": "assumption"}
        for code in plan
    ]


def populations(raw: Table) -> Table:
    """Population = density × land area, to whole persons (two decimals of density leave about 25 open)."""
    area = values(raw, "land_area")
    return [
        row
        | {
            "indicator": "population",
            "value": str(round(Fraction(row["value"]) * area[row["county_code"]])),
            "unit": "persons",
            "source": f"= population density × land area, rounded; density: {row['source']}",
            "status": "derived",
        }
        for row in raw
        if row["indicator"] == "population_density"
    ]


def statistics(raw: Table, regions: Table, capital_share: Fraction) -> Table:
    """All county statistics, one a row, by county code and then in the order of STATISTICS."""
    given = [publish(row) for row in raw if row["indicator"] in STATISTICS]
    rows = given + populations(raw) + output_weights(raw, regions, capital_share)
    rows.sort(key=lambda row: (row["county_code"], STATISTICS.index(row["indicator"])))
    columns = ("county_code", "indicator", "value", "unit", "year", "source", "status")
    return [{column: row[column] for column in columns} for row in rows]
