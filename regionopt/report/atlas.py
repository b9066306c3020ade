"""One page a region: its money, its targets, what holds it, its programmes, how far it could move, its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from regionopt.common.document import RegionResult, Standing, weakest
from regionopt.common.instance import METRICS
from regionopt.report.choice import bands_table
from regionopt.report.holding import binding_name, binding_table, region_of
from regionopt.report.model import Block, Bullets, Fact, Facts, Heading, PageBreak
from regionopt.report.plan import programmes_table, region_field
from regionopt.report.said import Said
from regionopt.report.summary import budget_map
from regionopt.telling.effects import effect
from regionopt.telling.wording import amount_of, money


def atlas(said: Said, drawn: bool) -> Iterator[Block]:
    """A page for every region, in the order of the result."""
    yield PageBreak()
    yield Heading(1, said.text("atlas"), "atlas")
    for place, region in enumerate(said.written.result.regions):
        if place:
            yield PageBreak()
        yield from _page(said, place, region, drawn)


def _page(said: Said, place: int, region: RegionResult, drawn: bool) -> Iterator[Block]:
    yield Heading(2, said.region(region.id), f"region-{region.id}")
    yield Facts(
        f"facts-{region.id}", said.text("facts_of", region=said.region(region.id)), tuple(_facts(said, place))
    )
    if drawn:
        yield budget_map(said, region.id)
    yield Bullets(tuple(_sentences(said, region)))
    yield programmes_table(said, region.id)
    if any(region_of(row["path"]) == region.id for row in said.written.tables["binding"]):
        yield binding_table(said, region.id)
    if any(row["kind"] == "programme" and row["region"] == region.id for row in said.written.tables["bands"]):
        yield bands_table(said, region.id)


def _facts(said: Said, place: int) -> Iterator[Fact]:
    """Its numbers of `result.json`."""
    for field in ("budget", "share", "budget_per_head", "reference", "floor", "ceiling"):
        if (number := region_field(said, place, field)) is not None:
            yield Fact(said.text(f"column.{field}"), number)
    for metric in METRICS:
        reached, wanted = region_field(said, place, metric), region_field(said, place, f"{metric}_target")
        if reached is not None:
            note = said.text("of_target", target=wanted.whole_text) if wanted else said.text("no_target")
            yield Fact(said.word(f"map.metric_{metric}"), reached, note)
        if (short := region_field(said, place, f"{metric}_shortfall")) is not None:
            yield Fact(said.word(f"map.metric_{metric}_shortfall"), short)


def _sentences(said: Said, region: RegionResult) -> Iterator[str]:
    """Why it receives what the facts say: what holds it, what it means to the whole, how firm its numbers are."""
    if said.written.tables["binding"]:
        yield _holds(said, region)
        yield from _next(said, region)
    yield from _lost(said, region)
    yield from _standing(said, region)


def _holds(said: Said, region: RegionResult) -> str:
    rows = said.written.tables["binding"]
    own = [rows[found[0]] for found in said.grouped("binding", "rank").values()]
    names = [binding_name(said, row, region.id) for row in own if region_of(row["path"]) == region.id]
    key = "why.holds" if names else "why.holds_nothing"
    listed = said.word("sentence.then").join(names)
    return said.word(key, region=said.region(region.id), limits=listed)


def _next(said: Said, region: RegionResult) -> Iterator[str]:
    """What a further unit of money for it would fund, taken from the others."""
    rows, result = said.written.tables["next"], said.written.result
    own = [row for row in rows if row["region"] == region.id]
    row = next((row for row in own if row["quantity"] == said.first), None)
    if row is None:
        yield said.word("why.next_none")
        return
    name, change = said.programme(region.id, row["programme"]), float(row["change"])
    told = effect(said.first, change, result, said.language)
    yield said.word(
        "why.next", name=name, tranche=row["tranche"], unit=money(1.0, result, said.language), effect=told
    )
    if row["from_budget"]:
        start = float(row["from_budget"])
        now = abs(start - result.budget.total) <= 1e-9 * result.budget.total
        yield said.word("why.next_now" if now else "why.next_budget", budget=money(start, result, said.language))


def _lost(said: Said, region: RegionResult) -> Iterator[str]:
    """What the plan would be without money for it."""
    rows = said.written.tables["importance"]
    own = {r["measure"]: r for r in rows if r["kind"] == "region" and r["region"] == region.id}
    name, first = said.region(region.id), said.first
    if "" in own:
        yield said.word(f"importance.{own['']['status']}", name=name)
    elif first in own and not float(own[first]["budget"]):
        yield said.word("importance.nothing", name=name)
    elif first in own:
        told, result = own[first], said.written.result
        value, lost = float(told["value"]), float(told["lost"])
        changes = []
        for metric in METRICS:
            fall = float(own[metric]["lost"])
            how = "less" if fall >= 0 else "more"
            shown = amount_of(metric, abs(fall), result, said.language)
            changes.append(said.word(f"importance.{metric}_{how}", value=shown))
        yield said.text(
            "without", name=name, budget=money(float(told["budget"]), result, said.language),
            stage=said.quantity(first), before=_value(first, value - lost * (-1 if first in METRICS else 1)),
            after=_value(first, value), changes=said.listed(changes),
        )  # fmt: skip


def _value(stage: str, value: float) -> str:
    return f"{value:.1%}" if stage == "worst_shortfall" else f"{value:,.4g}"


def _standing(said: Said, region: RegionResult) -> Iterator[str]:
    """How far the numbers that name the region can be trusted."""
    if said.written.case is None:
        return
    numbers = said.written.case.resolved.numbers.items()
    count = Counter(quantity.status for path, quantity in numbers if region.id in path.split("."))
    if count:
        word = {one: said.word(f"map.standing_{one.value}") for one in Standing}
        listed = [said.word("why.count", count=count[one], standing=word[one]) for one in Standing if count[one]]
        yield said.word("why.standing", counts=said.listed(listed), weakest=word[weakest(set(count))])
