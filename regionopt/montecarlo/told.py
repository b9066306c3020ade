"""What is said of many draws: one table and sentences, from the document alone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.texts import Language, text
from regionopt.maps.mapdata import Unit, units
from regionopt.montecarlo.sensitivity import RANKED

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Names = Mapping[str, str]
# So many inputs of a ranking are named in a sentence.
NAMED = 3


def table(document: Document, names: Names, language: Language) -> Table:
    """A line an output: the first stage, every region's money, national output and jobs: base, quantiles, gains."""
    levels = [key for key in _first(document) if key.startswith("q")]
    lines = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    lines.add_column(text("montecarlo.output", language))
    lines.add_column(text("montecarlo.base", language), justify="right")
    for level in levels:
        lines.add_column(_level(float(level[1:]), language), justify="right")
    lines.add_column(text("montecarlo.gains", language), justify="right")
    gains = {(row["measure"], row["region"]): row for row in document["shares"] if row["kind"] == "gains"}
    for row in _shown(document):
        gain = gains.get((row["measure"], row["region"]))
        values = [row[key] for key in ("base", *levels)]
        unit = _unit(row["measure"], max((abs(v) for v in values if v is not None), default=0.0), document, language)
        label = text("montecarlo.counted", language, what=_name(row, names, language), unit=unit.name)
        share = "" if gain is None else _percent(gain["share"])
        lines.add_row(
            escape(label if unit.name else _name(row, names, language)), *(_cell(v, unit) for v in values), share
        )
    return lines


def _cell(value: float | None, unit: Unit) -> str:
    return "–" if value is None else f"{value * unit.scale:,.{unit.decimals}f}"


def _level(level: float, language: Language) -> str:
    """What a quantile is called."""
    return text("montecarlo.median", language) if level == 0.5 else f"{100 * level:.4g}%"


def _first(document: Document) -> Row:
    return document["quantiles"][0]  # type: ignore[no-any-return]


def _shown(document: Document) -> Iterator[Row]:
    yield _first(document)
    for row in document["quantiles"]:
        if row["measure"] == "budget" or row["measure"].startswith("national_"):
            yield row


def _name(row: Row, names: Names, language: Language) -> str:
    """What an output is called."""
    measure = str(row["measure"])
    if row["region"]:
        return text("montecarlo.budget_of", language, region=names[row["region"]])
    return _quantity(measure.removeprefix("national_"), language)


def _quantity(measure: str, language: Language) -> str:
    stage, _, step = measure.partition("[")
    return text(f"quantity.{stage}", language, n=step.rstrip("]"))


def _amount(measure: str, value: float | None, document: Document, language: Language) -> str:
    """A number with its unit, as the language counts."""
    if value is None:
        return "–"
    unit = _unit(measure, abs(value), document, language)
    return unit.pattern.format(value=_cell(value, unit), unit=unit.name).strip()


def _unit(measure: str, largest: float, document: Document, language: Language) -> Unit:
    """What an output is counted in."""
    stage = measure.removeprefix("national_").partition("[")[0]
    if stage in ("total_shortfall", "leximin"):
        return Unit(1, 3, "")
    kind = {"worst_shortfall": "ratio", "jobs": "jobs", "output": "yearly"}.get(stage, "money")
    return units(kind, document["unit"], largest)[language]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def sentences(document: Document, names: Names, language: Language) -> Iterator[str]:
    """What the draws are, how many have a plan, what the base plan is worth in them, what would hold out better."""
    asked = document["asked"]
    yield text(
        "montecarlo.drawn", language, count=f"{asked['draws']:,}", inputs=len(document["factors"]), seed=asked["seed"]
    )
    if document["base"]["status"] not in ("optimal", "stopped"):
        yield text("montecarlo.no_base", language)
    yield from _targets(document, names, language)
    yield from _regret(document, language)
    if document["robust"]:
        yield from _robust(document, language)
    if document["sensitivity"]:
        yield from _ranking(document, language)
    weakest = sorted({one["status"] for one in document["uncertain"]}, key=STANDINGS.index)[-1]
    yield text("montecarlo.standing", language, standing=text(f"map.standing_{weakest}", language))


STANDINGS = ("official", "press", "derived", "assumption")


def _targets(document: Document, names: Names, language: Language) -> Iterator[str]:
    """Which targets are met in how many draws; one sentence where none ever is."""
    met = [row for row in document["shares"] if row["kind"] == "met"]
    some = [row for row in met if row["hits"]]
    if met and not some:
        yield text("montecarlo.none_met", language)
    if some:
        listed = text("map.list_separator", language).join(_met(row, names, language) for row in some)
        key = "montecarlo.met" if len(some) == len(met) else "montecarlo.met_else_never"
        yield text(key, language, list=listed)


def _met(row: Row, names: Names, language: Language) -> str:
    metric = text(f"metric.{row['measure'].partition(',')[0]}", language)
    region, share = names.get(row["region"], row["region"]), _percent(row["share"])
    return text("montecarlo.met_one", language, metric=metric, region=region, share=share)


def _regret(document: Document, language: Language) -> Iterator[str]:
    """Whether the base plan is allowed, and how much better a plan made for the draw does."""
    for row in document["shares"]:
        if row["kind"] == "base_allowed" and row["hits"] < row["draws"]:
            count, of = f"{row['draws'] - row['hits']:,}", f"{row['draws']:,}"
            yield text("montecarlo.not_allowed", language, count=count, of=of)
    for row in document["regret"][:1]:
        if row["draws"]:
            stage, last = row["stage"], [key for key in row if key.startswith("q")][-1]
            facts = {
                "stage": _quantity(stage, language), "mean": _points(stage, row["mean"], document, language),
                "high": _points(stage, row[last], document, language), "level": _level(float(last[1:]), language),
                "none": _percent(row["share_without"]),
            }  # fmt: skip
            yield text("montecarlo.regret", language, **facts)


def _points(stage: str, value: float | None, document: Document, language: Language) -> str:
    """A difference: of shares in percentage points."""
    if value is not None and stage == "worst_shortfall":
        return text("montecarlo.points", language, value=f"{100 * value:.2f}")
    return _amount(stage, value, document, language)


def _robust(document: Document, language: Language) -> Iterator[str]:
    """What the robust plans promise beside the base plan, and over exactly how many draws."""
    robust = document["robust"]
    if robust["without_plan"]:
        yield text("montecarlo.robust_without", language, count=robust["without_plan"])
    for plan in robust["plans"]:
        if plan["status"] != "optimal":
            yield text(f"montecarlo.{plan['plan']}_none", language, draws=robust["draws"])
            continue
        yield _promise(plan["plan"], document, language)
        yield text("montecarlo.proven", language, within=len(plan["draws_in_program"]), draws=robust["draws"])


def _promise(name: str, document: Document, language: Language) -> str:
    """What one robust plan promises, beside what the base plan does."""
    robust = document["robust"]
    value = {row["plan"]: row["value"] for row in robust["rows"] if row["measure"] == name}
    facts = {
        "stage": _quantity(robust["stage"], language), "draws": robust["draws"],
        "part": f"{100 * (1 - robust['alpha']):.4g}%",
        "own": _amount(robust["stage"], value[name], document, language),
    }  # fmt: skip
    if value["base"] is None:
        return text(f"montecarlo.{name}_alone", language, **facts)
    same = abs(value["base"] - value[name]) <= SAME * (1 + abs(value["base"]))
    base = _amount(robust["stage"], value["base"], document, language)
    return text(f"montecarlo.{name}_same" if same else f"montecarlo.{name}", language, base=base, **facts)


# What the base plan and a robust one may differ by and still be told as alike.
SAME = 1e-6


def _ranking(document: Document, language: Language) -> Iterator[str]:
    """The inputs that move the first stage most, and the caveats of the method."""
    told = document["sensitivity"]
    runs = f"{told['runs']:,}"
    if told["without_plan"]:
        yield text("montecarlo.no_indices", language, count=f"{told['without_plan']:,}", runs=runs)
        return
    first = _first(document)["measure"]
    ranked = [row for row in told["rows"] if row["measure"] == first and row["rank"]]
    measure = RANKED[told["method"]]
    shown = sorted(ranked, key=lambda row: int(row["rank"]))[:NAMED]
    listed = text("map.list_separator", language).join(
        f"{row['input']} ({measure} {row[measure]:.3g})" for row in shown
    )
    if shown:
        yield text("montecarlo.ranking", language, stage=_quantity(first, language), list=listed, runs=runs)
    if document["together"]:
        yield text("montecarlo.as_independent", language)
