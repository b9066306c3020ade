"""How far each budget could move: its exact least and most among all plans nearly as good as the plan.

`near` says which plans these are. Every end is proven in fractions: either a linear program was solved for it, or a
plan was met whose amount is all that the tranches take (or nothing), which no plan can exceed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.common.texts import Language, text
from regionopt.explain.near import check_tolerance, near
from regionopt.explain.warm import Loaded, load
from regionopt.model.points import Point
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.result.result import Result, Row
from regionopt.solve.optimum import Optimum, optimise
from regionopt.solve.solve import proven
from regionopt.telling.wording import quantity_name

TOLERANCES = (0.0, 0.01, 0.02)
KINDS = ("region", "programme")


@dataclass(frozen=True)
class Band:
    """The least and the most a region (`programme` empty) or a programme gets among all plans within `tolerance`.

    Amounts are exact, in the currency unit of the case; `plan` is the plan's own amount, `minimum ≤ plan ≤ maximum`.
    """

    kind: str
    region: str
    programme: str
    tolerance: float
    minimum: Fraction
    maximum: Fraction
    plan: Fraction


@dataclass(frozen=True)
class _Item:
    """What a band is of: a sum of columns beside a fixed amount (open platforms), between two trivial bounds."""

    region: str
    programme: str
    columns: tuple[int, ...]
    fixed: Fraction
    most: Fraction

    @property
    def kind(self) -> str:
        return KINDS[bool(self.programme)]

    def amount(self, x: Point) -> Fraction:
        whole, below = x.whole
        return Fraction(sum(whole[j] for j in self.columns), below) + self.fixed


def bands(
    result: Result,
    tolerances: Iterable[float] = TOLERANCES,
    loaded: Loaded | None = None,
    kinds: Sequence[str] = KINDS,
) -> tuple[Band, ...]:
    """The bands of every region, then of every programme, each at every tolerance; nothing without a plan.

    `loaded` is the case where it is loaded already, `kinds` leaves out regions or programmes. Platforms and measures
    stay as the plan has them. Raises InputError for a tolerance below 0 or above 1.
    """
    wanted = tuple(dict.fromkeys(float(tolerance) for tolerance in tolerances))
    for tolerance in wanted:
        check_tolerance(tolerance)
    if result.plan is None:
        return ()
    loaded = loaded or load(result)
    items = tuple(item for item in _items(loaded, result) if item.kind in kinds)
    found = {tolerance: _ends(loaded, result, items, tolerance) for tolerance in wanted}
    own = [_planned(result, item) for item in items]
    return tuple(
        Band(item.kind, item.region, item.programme, t, *found[t][k], own[k])
        for k, item in enumerate(items)
        for t in wanted
    )


def _items(loaded: Loaded, result: Result) -> Iterator[_Item]:
    assert result.plan is not None
    instance = loaded.instance
    programmes = dict.fromkeys((t.region, t.programme) for t in instance.tranches)
    for region, programme in [*((region, "") for region in instance.regions), *programmes]:
        tranches = [t for t in instance.tranches if t.region == region and programme in ("", t.programme)]
        opened = [p for p in instance.platforms if p.region == region and not programme]
        fixed = sum((Fraction(p.cost) * result.plan.opened[p.id] for p in opened), Fraction(0))
        columns = tuple(loaded.position[plain(loaded.model.spend[t.key].name)] for t in tranches)
        most = sum((Fraction(t.width) for t in tranches), fixed)
        yield _Item(region, programme, columns, fixed, most)


def _planned(result: Result, item: _Item) -> Fraction:
    assert result.plan is not None
    if not item.programme:
        return result.plan.allocated[item.region]
    own = (item.region, item.programme)
    return sum((x for key, x in result.plan.spend.items() if key[:2] == own), Fraction(0))


def _ends(
    loaded: Loaded, result: Result, items: tuple[_Item, ...], tolerance: float
) -> list[tuple[Fraction, Fraction]]:
    """The exact ends of every item's band at one tolerance."""
    seen = [(own, own) for own in (_planned(result, item) for item in items)]
    if not tolerance and result.solution.stages[-1].unique:
        return seen
    program, last = near(loaded, result, tolerance), None
    for k, item in enumerate(items):
        for end, sense, limit in ((0, 1, item.fixed), (1, -1, item.most)):
            if seen[k][end] == limit:
                continue
            last = _extreme(loaded, program, item, sense, last)
            seen = [_wider(pair, other.amount(last.corner.x)) for pair, other in zip(seen, items, strict=True)]
    return seen


def _extreme(loaded: Loaded, program: Program, item: _Item, sense: int, last: Optimum | None) -> Optimum:
    """A plan of the program with the least (or, for sense -1, the most) of an item, proven."""
    costs = [0.0] * len(program.columns)
    for j in item.columns:
        costs[j] = float(sense)
    start = last.basis if last else None
    found = optimise(loaded.engine, program, "band", tuple(costs), start)
    if isinstance(found, Status):
        raise ToolError([Problem("solver_failed", loaded.engine.name, found.value)])
    proven([found.proof])
    return found


def _wider(pair: tuple[Fraction, Fraction], amount: Fraction) -> tuple[Fraction, Fraction]:
    return min(pair[0], amount), max(pair[1], amount)


def band_rows(found: Iterable[Band]) -> Iterator[Row]:
    """Rows of `bands.csv`: `kind, region, programme, tolerance, minimum, maximum, plan`, in the currency unit."""
    for band in found:
        yield {
            "kind": band.kind,
            "region": band.region,
            "programme": band.programme,
            "tolerance": band.tolerance,
            "minimum": band.minimum,
            "maximum": band.maximum,
            "plan": band.plan,
        }


def sentences(result: Result, language: Language) -> Iterator[str]:
    """What the bands mean: from which stage on the plan is the only one, and what stays as it is."""
    yield from unique_sentences(result, language)
    if result.case.instance.platforms or result.case.instance.measures:
        yield text("bands.whole", language)


def unique_sentences(result: Result, language: Language) -> Iterator[str]:
    """From which stage on the plan is the only one; nothing where that is not examined (whole numbers)."""
    stages = result.solution.stages
    if not stages or stages[-1].unique is None:
        return
    only = next((stage.name for stage in stages if stage.unique), "")
    key = "bands.unique_from" if stages[-1].unique else "bands.not_unique"
    yield text(key, language, stage=quantity_name(only, language) if only else "")
