"""The first page of a report: the plan in sentences, its main facts, its map."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.common.document import Standing
from regionopt.common.instance import METRICS
from regionopt.report.model import Block, Bullets, Cell, Fact, Facts, Figure, Heading, Map, Number
from regionopt.report.said import Said, summed
from regionopt.telling.wording import findings


def summary(said: Said, drawn: bool) -> Iterator[Block]:
    """What a reader of one page reads; `drawn`: whether there is a map."""
    yield Heading(1, said.text("summary"), "summary")
    yield Bullets(tuple(findings(said.written.result, said.language)))
    yield Facts("facts", said.text("facts"), tuple(_facts(said)))
    if drawn:
        yield budget_map(said)


def budget_map(said: Said, region: str = "") -> Figure:
    """The map of the budget, of the whole or with one region marked; its text tells what the colours say."""
    numbers = [
        f"{said.region(one.id)} {number.whole_text}"
        for k, one in enumerate(said.written.result.regions)
        if (number := budget_of(said, k)) is not None and region in ("", one.id)
    ]
    name = said.region(region)
    caption = said.text("map_of", region=name) if region else said.text("map_caption")
    alt = said.text("map_alt", numbers=said.listed(numbers))
    return Figure(f"map-{region}" if region else "map", caption, alt, Map("budget", region))


def budget_of(said: Said, place: int) -> Number | None:
    """The budget of the region at a place of `result.json`."""
    result = said.written.result
    largest = max((region.budget or 0.0 for region in result.regions), default=0.0)
    return said.field("money", f"/regions/{place}/budget", result.regions[place].budget, largest)


def _facts(said: Said) -> Iterator[Fact]:
    """Money, what it reaches, how far to trust it."""
    result = said.written.result
    budget = result.budget
    for key in ("total", "spent", "unspent"):
        if key != "unspent" or budget.unspent:
            value = said.field("money", f"/budget/{key}", getattr(budget, key), budget.total)
            yield Fact(said.text(f"budget_{key}"), value)
    for metric in METRICS:
        yield from _national(said, metric)
    if result.stages:
        first = result.stages[0]
        if first.name == "worst_shortfall":
            yield Fact(said.quantity(first.name), said.field("ratio", "/stages/0/value", first.value, 1.0))
    smallest = said.field("money", "/facts/smallest_budget", result.facts.smallest_budget, budget.total)
    yield Fact(said.text("smallest_budget"), smallest, "" if smallest else said.text("no_budget"))
    yield Fact(said.text("weakest"), standing(said, result.facts.weakest_standing))


def _national(said: Said, metric: str) -> Iterator[Fact]:
    """The national total of a metric, and its target where every region has one."""
    kind = "jobs" if metric == "jobs" else "yearly"
    regions = said.written.result.regions
    reached, wanted = (
        summed(said.field(kind, f"/regions/{k}/{field}", getattr(r, field), _most(said, metric)) for k, r in
               enumerate(regions))
        for field in (metric, f"{metric}_target")
    )  # fmt: skip
    if reached is not None:
        note = said.text("of_target", target=wanted.whole_text) if wanted else ""
        yield Fact(said.quantity(metric), reached, note)


def _most(said: Said, metric: str) -> float:
    return max((getattr(region, metric) or 0.0 for region in said.written.result.regions), default=0.0)


def standing(said: Said, one: Standing) -> Cell:
    """The word for a standing."""
    return said.word(f"map.standing_{one.value}")
