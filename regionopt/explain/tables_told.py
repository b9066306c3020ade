"""Tables on the terminal that explain a plan: what binds, how much choice there is, what each region means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from rich.table import Table

from regionopt.common.document import ResultDocument
from regionopt.common.goodness import TIES
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, capital, text
from regionopt.explain.bands import Band
from regionopt.explain.explained import binding_name
from regionopt.explain.explanation import Explanation
from regionopt.explain.importance import Loss, by_loss
from regionopt.maps.mapdata import Unit, units
from regionopt.telling.display import display_names
from regionopt.telling.limits import COUNTED_METRICS
from regionopt.telling.terminal import table_of
from regionopt.telling.wording import quantity_name

# What binds is told in so many lines; the table binding.csv has all.
MOST = 10
Changes = Sequence[Fraction | None]


def binding_table(explained: Explanation, document: ResultDocument, language: Language) -> Table:
    """What binds, the strongest first: what 1 % more room brings for the first stage and both national totals."""
    assert explained.along is not None
    found = explained.binding[:MOST]
    changes = {name: [one.gains[name] for one in found] for name in measured(explained)}
    names = [binding_name(one, explained, language) for one in found]
    return table_of(text("explain.binds", language), names, *_signed(changes, document, language))


def measured(explained: Explanation) -> list[str]:
    """The first stage of the case, then the national totals."""
    stages = explained.result.solution.stages
    return list(dict.fromkeys([*(stage.name for stage in stages[:1]), *METRICS]))


def band_table(explained: Explanation, document: ResultDocument, language: Language, region: str = "") -> Table:
    """The bands of the regions, or of one region and its programmes: a column for each tolerance that leaves a
    choice."""
    told = [b for b in explained.bands if (b.region == region if region else b.kind == "region")]
    names = display_names(explained.result.case, language, region)
    places = dict.fromkeys((band.region, band.programme) for band in told)
    shown = units("money", document.budget.unit, max((float(band.maximum) for band in told), default=0.0))[language]
    plan = [shown.number(next(b.plan for b in told if _at(b) == place)) for place in places]
    columns: dict[str, Sequence[str]] = {text("bands.plan", language): plan}
    for tolerance in dict.fromkeys(band.tolerance for band in told):
        ends = [_range(band, shown) for band in told if band.tolerance == tolerance]
        heading = text("bands.within", language, tolerance=f"{100 * tolerance:.10g}")
        if tolerance:
            columns[heading] = ends
        elif ends != plan:  # where exactly as good is the plan alone, that is said in words
            columns[text("bands.equals", language)] = ends
    note = text("run.unit_note", language, heading=text("bands.amounts", language), unit=shown.name)
    return table_of(text("run.region", language), [names[place] for place in places], columns, note)


def _at(band: Band) -> tuple[str, str]:
    return band.region, band.programme


def _range(band: Band, unit: Unit) -> str:
    ends = [unit.number(end) for end in (band.minimum, band.maximum)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"


def loss_table(explained: Explanation, document: ResultDocument, language: Language) -> Table:
    """What changes when a region gets nothing, the greatest loss first: stages that say how good a plan is, and both
    national totals; no numbers where no plan is left."""
    found = by_loss(loss for loss in explained.losses if loss.kind == "region")
    stages = [stage.name for stage in explained.result.solution.stages if stage.name not in TIES]
    names = list(dict.fromkeys([*stages, *METRICS]))
    changes = {name: [_change(loss, name) for loss in found] for name in names}
    regions = display_names(explained.result.case, language, "")
    columns, caption = _signed(changes, document, language)
    status = [text("explain.no_plan", language) if not loss.values else "" for loss in found]
    titles = [f"{regions[loss.region, '']} {note}".strip() for loss, note in zip(found, status, strict=True)]
    return table_of(text("explain.without", language), titles, columns, caption)


def _change(loss: Loss, name: str) -> Fraction | None:
    """How a measure changes; a loss of a total is told as less of it."""
    if name not in loss.lost:
        return None
    return -loss.lost[name] if name in METRICS else loss.lost[name]


def _signed(
    changes: Mapping[str, Changes], document: ResultDocument, language: Language
) -> tuple[dict[str, Sequence[str]], str]:
    """Changes by measure as columns of signed numbers, and what each is counted in."""
    columns: dict[str, Sequence[str]] = {}
    notes = []
    for name, values in changes.items():
        told, heading = list(_counted(name, values, document, language)), capital(quantity_name(name, language))
        columns[heading], unit = told[:-1], told[-1]
        notes.append(text("run.unit_note", language, heading=heading, unit=unit))
    return columns, "\n".join(notes)


def _counted(name: str, values: Changes, document: ResultDocument, language: Language) -> Iterator[str]:
    """The numbers of one measure, then its unit."""
    shown = _unit(name, max((abs(float(v)) for v in values if v), default=0.0), document, language)
    for value in values:
        yield f"{'+' if value > 0 else '−'}{shown.number(abs(value))}" if value else "–"
    yield shown.name


def _unit(name: str, largest: float, document: ResultDocument, language: Language) -> Unit:
    """What a measure is counted in: shortfalls in percentage points, their sum in whole targets."""
    base = name.partition("[")[0]
    if base in ("worst_shortfall", "leximin"):
        return Unit(100.0, 3, text("explain.points", language))
    if base == "total_shortfall":
        return Unit(1.0, 4, text("explain.targets", language))
    return units(COUNTED_METRICS.get(base, "money"), document.budget.unit, largest)[language]
