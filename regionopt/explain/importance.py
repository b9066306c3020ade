"""What is lost when a region, or a programme, gets nothing: its columns are fixed at 0 and all stages solved again.

The targets stay, so a region without money misses all of its own. Platforms and measures stay as the plan has them.
Where no plan is left (a floor, a target that must be met) that is the answer. What the plan gives nothing is not
solved again: the plan stands without it, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.document import ResultDocument, Status
from regionopt.common.instance import METRICS, SpendKey
from regionopt.common.texts import Language, text
from regionopt.explain.warm import Loaded, load, solve_again
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.result.result import Result, Row
from regionopt.solve.plan import Plan
from regionopt.telling.display import display_names
from regionopt.telling.wording import amount_of, money, quantity_name

MAXIMISED = METRICS


@dataclass(frozen=True)
class Loss:
    """A region (`programme` empty) or a programme without money: what becomes of every stage and national total.

    `values` and `lost` are by stage, then `output` and `jobs`; `lost` is positive where the plan without it is
    worse. Both are empty where the status is not optimal.
    """

    kind: str
    region: str
    programme: str
    budget: Fraction
    status: Status
    values: Mapping[str, Fraction]
    lost: Mapping[str, Fraction]


def importance(result: Result, loaded: Loaded | None = None) -> tuple[Loss, ...]:
    """The loss for every region, then for every programme, in written order; none without a plan."""
    if result.plan is None:
        return ()
    loaded = loaded or load(result)
    instance = result.case.instance
    places = [(r, "") for r in instance.regions] + [(t.region, t.programme) for t in instance.tranches]
    return tuple(_loss(result, loaded, *place) for place in dict.fromkeys(places))


def _loss(result: Result, loaded: Loaded, region: str, programme: str) -> Loss:
    assert result.plan is not None
    keys = [t.key for t in loaded.instance.tranches if t.region == region and programme in ("", t.programme)]
    own = sum((result.plan.spend[key] for key in keys), Fraction(0))
    kind = "programme" if programme else "region"
    best = {stage.name: stage.value for stage in result.solution.stages}
    best |= _totals(result.plan, best)
    if not own:
        return Loss(kind, region, programme, own, Status.OPTIMAL, best, dict.fromkeys(best, Fraction(0)))
    found = solve_again(loaded, _without(loaded, keys))
    if isinstance(found, Status):
        return Loss(kind, region, programme, own, found, {}, {})
    values = {**found.values, **_totals(found.plan, found.values)}
    worse = {name: value - best[name] for name, value in values.items()}
    lost = {name: -value if name in MAXIMISED else value for name, value in worse.items()}
    return Loss(kind, region, programme, own, Status.OPTIMAL, values, lost)


def _totals(plan: Plan, stages: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The national totals that are no stage of the case; those that are have that stage's own value."""
    return {metric: total for metric, total in national(plan).items() if metric not in stages}


def _without(loaded: Loaded, keys: Sequence[SpendKey]) -> Program:
    """The program in which these tranches get nothing."""
    upper = list(loaded.program.upper)
    for key in keys:
        upper[loaded.position[plain(loaded.model.spend[key].name)]] = 0.0
    return replace(loaded.program, upper=tuple(upper))


def national(plan: Plan) -> dict[str, Fraction]:
    """The national total of each metric."""
    return {
        metric: sum((gain for (m, _), gain in plan.gained.items() if m == metric), Fraction(0)) for metric in METRICS
    }


def importance_rows(found: Sequence[Loss]) -> Iterator[Row]:
    """Rows of `importance.csv`: `kind, region, programme, budget, status, measure, value, lost`.

    `measure` is a stage, or the national `output` or `jobs`; one row with empty numbers where no plan is left.
    """
    for loss in found:
        own = {"kind": loss.kind, "region": loss.region, "programme": loss.programme, "budget": loss.budget}
        if not loss.values:
            yield {**own, "status": loss.status.value, "measure": "", "value": None, "lost": None}
        for measure, value in loss.values.items():
            told = {"measure": measure, "value": value, "lost": loss.lost[measure]}
            yield {**own, "status": loss.status.value, **told}


def sentences(
    result: Result, document: ResultDocument, found: Sequence[Loss], language: Language, region: str = ""
) -> Iterator[str]:
    """What every region means to the whole, the region of the greatest loss first; of one region with its programmes
    where one is named."""
    names = display_names(result.case, language, region)
    told = [loss for loss in found if (loss.region == region if region else loss.kind == "region")]
    first = result.solution.stages[0].name if result.solution.stages else ""
    for loss in by_loss(told):
        yield _sentence(loss, names[loss.region, loss.programme], first, document, language)
    if result.case.instance.platforms or result.case.instance.measures:
        yield text("bands.whole", language)


def by_loss(found: Iterable[Loss]) -> list[Loss]:
    """Those that leave no plan, then the greatest loss first: by the first stage, then by the next."""
    return sorted(found, key=lambda loss: [-worse for worse in loss.lost.values()])


def _sentence(loss: Loss, name: str, first: str, document: ResultDocument, language: Language) -> str:
    if not loss.values:
        return text(f"importance.{loss.status.value}", language, name=name)
    if not loss.budget:
        return text("importance.nothing", language, name=name)
    before = loss.values[first] - loss.lost[first] * (-1 if first in MAXIMISED else 1)
    changes = (_change(metric, loss.lost[metric], document, language) for metric in METRICS)
    return text(
        "importance.lost", language, name=name, stage=quantity_name(first, language),
        budget=money(float(loss.budget), document, language),
        before=_value(first, before, document, language), after=_value(first, loss.values[first], document, language),
        changes=text("map.list_separator", language).join(changes),
    )  # fmt: skip


def _value(stage: str, value: Fraction, document: ResultDocument, language: Language) -> str:
    """The value of a stage with its unit."""
    base = stage.partition("[")[0]
    if base in METRICS:
        return amount_of(base, float(value), document, language)
    if base in ("worst_shortfall", "leximin"):
        return f"{float(value):.1%}"
    return f"{float(value):,.4g}" if base == "total_shortfall" else money(float(value), document, language)


def _change(metric: str, lost: Fraction, document: ResultDocument, language: Language) -> str:
    """By how much a national total is smaller or larger."""
    key = f"importance.{metric}_{'less' if lost >= 0 else 'more'}"
    return text(key, language, value=amount_of(metric, float(abs(lost)), document, language))
