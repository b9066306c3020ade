"""What is said of many draws: sentences, from the document alone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regionopt.common.texts import Language, text
from regionopt.montecarlo.sensitivity import RANKED
from regionopt.montecarlo.table import Document, Names, Row, amount, first_row, level_name, percent, quantity

# So many inputs of a ranking are named in a sentence.
NAMED = 3


def sentences(document: Document, names: Names, language: Language) -> Iterator[str]:
    """What the draws are, how many have a plan, what the base plan is worth in them, what would hold out better."""
    asked = document["asked"]
    yield text(
        "montecarlo.drawn", language, count=f"{asked['draws']:,}", inputs=len(document["factors"]), seed=asked["seed"]
    )
    if asked["sampler"] == "sobol" and asked["draws"] & (asked["draws"] - 1):
        yield text("montecarlo.balanced", language, count=f"{asked['draws']:,}")
    for path in document["drawn_over"]:
        yield text("montecarlo.drawn_over", language, path=path)
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
    region, share = names.get(row["region"], row["region"]), percent(row["share"])
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
                "stage": quantity(stage, language), "mean": _points(stage, row["mean"], document, language),
                "high": _points(stage, row[last], document, language), "level": level_name(float(last[1:]), language),
                "none": percent(row["share_without"]),
            }  # fmt: skip
            yield text("montecarlo.regret", language, **facts)


def _points(stage: str, value: float | None, document: Document, language: Language) -> str:
    """A difference: of shares in percentage points."""
    if value is not None and stage == "worst_shortfall":
        return text("montecarlo.points", language, value=f"{100 * value:.2f}")
    return amount(stage, value, document, language)


def _robust(document: Document, language: Language) -> Iterator[str]:
    """What the robust plans promise beside the base plan, and over exactly how many draws."""
    robust = document["robust"]
    if robust["without_plan"]:
        yield text("montecarlo.robust_without", language, count=robust["without_plan"])
    if robust["whole_numbers_kept"]:
        yield text("montecarlo.whole", language)
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
        "stage": quantity(robust["stage"], language), "draws": robust["draws"],
        "part": f"{100 * (1 - robust['alpha']):.4g}%",
        "own": amount(robust["stage"], value[name], document, language),
    }  # fmt: skip
    if value["base"] is None:
        return text(f"montecarlo.{name}_alone", language, allowed=_allowing(robust), **facts)
    same = abs(value["base"] - value[name]) <= SAME * (1 + abs(value["base"]))
    base = amount(robust["stage"], value["base"], document, language)
    return text(f"montecarlo.{name}_same" if same else f"montecarlo.{name}", language, base=base, **facts)


def _allowing(robust: Document) -> int:
    """In how many of the draws of robust plans the base plan is allowed."""
    refused = (row["value"] for row in robust["rows"] if (row["plan"], row["measure"]) == ("base", "not_allowed"))
    return int(robust["draws"] - next(refused))


# What the base plan and a robust one may differ by and still be told as alike.
SAME = 1e-6


def _ranking(document: Document, language: Language) -> Iterator[str]:
    """The inputs that move the first stage most, and the caveats of the method."""
    told = document["sensitivity"]
    runs = f"{told['runs']:,}"
    if told["without_plan"]:
        yield text("montecarlo.no_indices", language, count=f"{told['without_plan']:,}", runs=runs)
        return
    first = first_row(document)["measure"]
    ranked = [row for row in told["rows"] if row["measure"] == first and row["rank"]]
    measure = RANKED[told["method"]]
    shown = sorted(ranked, key=lambda row: int(row["rank"]))[:NAMED]
    titles = {one["name"]: one["title"] for one in document["uncertain"]}
    named = (f"{_factor(row['input'], titles, language)} ({measure} {row[measure]:.3g})" for row in shown)
    listed = text("map.list_separator", language).join(named)
    if shown:
        yield text("montecarlo.ranking", language, stage=quantity(first, language), list=listed, runs=runs)
    if document["together"]:
        yield text("montecarlo.as_independent", language)


def _factor(name: str, titles: Mapping[str, Mapping[str, str] | None], language: Language) -> str:
    """What a factor is called: the title of its input, with the part that has a draw of its own."""
    own, bracket, part = name.partition("[")
    title = titles.get(own)
    return name if title is None else f"{title['zh' if language == 'zh-TW' else 'en']}{bracket}{part}"
