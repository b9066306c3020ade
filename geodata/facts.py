"""Turn the raw facts into those a case refers to: standard units, budgets, returns of the science parks."""

from fractions import Fraction
from statistics import median

from tables import Row, Table, publish, short

# exact factors from the units of the sources to the product's
STANDARD_UNITS = {
    "NT$ trillion a year": (Fraction(1000), "NT$ billion a year"),
    "NT$100m": (Fraction(1, 10), "NT$ billion"),
    "%": (Fraction(1, 100), "1"),
    "NT$ billion a year per NT$10 billion": (Fraction(1, 10), "NT$ billion a year per NT$ billion"),
    "jobs per NT$100m": (Fraction(10), "jobs per NT$ billion"),
}
RETURN_UNITS = {"output": "NT$ billion a year per NT$ billion", "jobs": "jobs per NT$ billion"}


def standard(row: Row) -> Row:
    """Publish a raw fact in the product's units, by exact factors."""
    factor, unit = STANDARD_UNITS.get(row["unit"], (Fraction(1), row["unit"]))
    return publish(row) | {"value": short(factor * Fraction(row["value"])), "unit": unit}


def fact(name: str, value: Fraction, unit: str, date: str, source: str, status: str) -> Row:
    """Return one row of facts.csv."""
    row = {"fact": name, "value": short(value), "unit": unit, "date": date}
    return row | {"source": source, "status": status}


def budgets(known: dict[str, Row]) -> Table:
    """Announced budget per year, and that rate held over the horizon (both years included)."""
    number = {name: Fraction(row["value"]) for name, row in known.items()}
    rate = number["budget_announced"] / number["budget_years_announced"]
    years = number["horizon_last"] - number["horizon_first"] + 1
    total = f"= budget_rate × {years} years: the announced rate held from horizon_first to horizon_last"
    date = known["budget_announced"]["date"]
    ratio = "= budget_announced ÷ budget_years_announced"
    return [
        fact("budget_rate", rate, "NT$ billion a year", date, ratio, "derived"),
        fact("budget_total", rate * years, "NT$ billion", date, total, "assumption"),
    ]


def park_returns(parks: Table) -> Table:
    """Output (one decimal) and jobs (whole) per NT$ billion of public cost of each park."""
    rows = []  # cost and output are both in NT$100m; jobs per NT$100m times 10 are jobs per NT$ billion
    for metric, factor, digits in (("output", Fraction(1), 1), ("jobs", Fraction(10), 0)):
        for park in parks:
            unit = dict(zip(("cost", "output", "jobs"), park["unit"].split("; "), strict=True))
            ratio = factor * Fraction(park[metric]) / Fraction(park["cost"])
            source = (
                f"= {park[metric]} {unit[metric]} ÷ {park['cost']} {unit['cost']} of {park['name_en']}, "
                f"rounded, as promoters' advance estimates carry no more digits; {park['source']}"
            )
            value = Fraction(round(ratio, digits))
            name = f"return_{metric}_{park['park']}"
            rows.append(fact(name, value, RETURN_UNITS[metric], park["date"], source, "derived"))
    return rows


def return_levels(ratios: Table) -> Table:
    """Level: median of the parks. High: the park with the highest output ratio, for both metrics."""
    number = {row["fact"]: Fraction(row["value"]) for row in ratios}
    date = max(row["date"] for row in ratios)
    best = max((name for name in number if "_output_" in name), key=lambda name: number[name]).split("_")[-1]
    rows = []
    for metric, unit in RETURN_UNITS.items():
        level = median(value for name, value in number.items() if f"_{metric}_" in name)
        parks = "taken for every programme: median of the three parks' ratios"
        rows.append(fact(f"return_{metric}_level", level, unit, date, parks, "assumption"))
        high = f"taken for every programme: the park with the highest output ratio, return_{metric}_{best}"
        value = number[f"return_{metric}_{best}"]
        rows.append(fact(f"return_{metric}_high", value, unit, date, high, "assumption"))
    return rows


def platform_cost(known: dict[str, Row], parks: Table) -> Row:
    """Cost of one platform: a stated part of the median public cost of the parks, in NT$ billion."""
    part = Fraction(known["platform_part_of_park"]["value"])
    median_park = median(Fraction(park["cost"]) for park in parks) / 10  # from NT$100m
    source = (
        f"= platform_part_of_park × NT${short(median_park)} billion, the median public cost of the three parks; "
        "our own order of magnitude: the document gives no cost"
    )
    date = known["platform_part_of_park"]["date"]
    return fact("platform_cost", part * median_park, "NT$ billion", date, source, "assumption")


def facts(raw: Table, parks: Table) -> Table:
    """All facts that a case refers to: the raw ones in standard units, then those computed from them."""
    given = [standard(row) for row in raw]
    ratios = park_returns(parks)
    known = {row["fact"]: row for row in given}
    return given + budgets(known) + ratios + return_levels(ratios) + [platform_cost(known, parks)]
