"""Sentences on parts of a result that not every case has: whole numbers, and targets beside those of a region's end.

The terminal and the map say them in the same words. Nothing here changes what is said of a case without such parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from regionopt.common.document import (
    GroupResult,
    ResultDocument,
    StageCertificate,
    Status,
    TargetResult,
    WholeCertificate,
)
from regionopt.common.texts import Language, text

# A gap below this is rounding, and no solver in floating point can claim less.
NOISE = 1e-9


def asides(document: ResultDocument, language: Language) -> Iterator[str]:
    """What is said after the facts of every plan: years, groups, platforms, measures, other targets."""
    yield from years(document, language)
    yield from _shares(document, language)
    yield from empty_groups(document, language)
    yield from whole(document, language)
    yield from _mean_growth(document.targets or (), language)
    yield from _targets(document.targets or (), language)


def years(document: ResultDocument, language: Language) -> Iterator[str]:
    """From which year to which the plan goes."""
    if document.periods is not None:
        ends = document.periods[0].id, document.periods[-1].id
        yield text("aside.years", language, first=ends[0], last=ends[1])


def receiving(document: ResultDocument) -> Sequence[GroupResult]:
    """The groups with programmes: only these can receive anything."""
    return [group for group in document.groups or () if group.empty is None]


def _shares(document: ResultDocument, language: Language) -> Iterator[str]:
    received = [f"{_name(group, language)} {group.share or 0.0:.1%}" for group in receiving(document)]
    if received:
        yield text("aside.groups", language, groups=_listed(received, language))


def whole(document: ResultDocument, language: Language) -> Iterator[str]:
    """What is chosen in whole numbers: platforms and measures."""
    if document.platforms is not None:
        opened = [_name(item, language) for item in document.platforms if item.opened]
        facts = {"count": len(document.platforms), "opened": len(opened), "names": _listed(opened, language)}
        yield text("aside.platforms" if opened else "aside.no_platform", language, **facts)
    if document.measures is not None:
        several = len(document.measures) > 1
        kinds = [_name(item, language) + (f" {item.count}" if several else "") for item in document.measures]
        total = sum(item.count or 0 for item in document.measures)
        yield text("aside.measures", language, count=total, kinds=_listed(kinds, language))


def mean_growth(target: TargetResult) -> bool:
    """Whether a target asks how far the regions grow on average on their baselines."""
    return target.kind == "growth" and target.region == "all" and target.reached is not None


def _mean_growth(targets: Iterable[TargetResult], language: Language) -> Iterator[str]:
    for target in filter(mean_growth, targets):
        told = {"reached": f"{target.reached:.1%}", "asked": f"{target.target:.1%}"}
        yield text("aside.mean_growth", language, metric=text(f"metric.{target.metric}", language), **told)


def _targets(targets: Sequence[TargetResult], language: Language) -> Iterator[str]:
    short = [target for target in targets if not target.met]
    facts = {"count": len(targets), "met": len(targets) - len(short)}
    largest = max((target.shortfall or 0.0 for target in short), default=0.0)
    key = "aside.targets_short" if short else "aside.targets_met"
    if targets:
        yield text(key, language, largest=f"{largest:.1%}", **facts)


def empty_groups(document: ResultDocument, language: Language) -> Iterator[str]:
    """Why groups without a programme receive nothing, a sentence a reason."""
    reasons: dict[str, list[str]] = {}
    for group in document.groups or ():
        if group.empty is not None:
            reason = group.empty.zh if language == "zh-TW" else group.empty.en
            reasons.setdefault(reason, []).append(_name(group, language))
    for reason, names in reasons.items():
        yield text("aside.empty_groups", language, names=_listed(names, language), reason=reason)


def proof(document: ResultDocument, language: Language) -> str | None:
    """What is proven of a plan in whole numbers; None for a linear program, whose certificate says it all."""
    stages = document.certificate.stages if document.certificate else ()
    whole = [stage for stage in stages if isinstance(stage, WholeCertificate)]
    if not whole:
        return None
    best = all(stage.exact for stage in whole)
    feasible = text("aside.feasible_best" if best else "aside.feasible", language)
    if _closed(whole):
        return feasible + text("aside.bound", language, gap=f"{NOISE:.2g}")
    gaps = [f"{stage.stage} {_gap(stage, language)}" for stage in whole]
    return feasible + text("aside.bounds", language, gaps=_listed(gaps, language))


def _closed(stages: Iterable[StageCertificate | WholeCertificate]) -> bool:
    """Whether the solver's bound leaves nothing better at any stage."""
    whole = [stage for stage in stages if isinstance(stage, WholeCertificate)]
    return all(stage.gap is not None and stage.gap <= NOISE for stage in whole)


def _gap(stage: WholeCertificate, language: Language) -> str:
    return text("aside.no_bound", language) if stage.gap is None else f"{max(stage.gap, NOISE):.2g}"


def stopped(document: ResultDocument, language: Language) -> str | None:
    """That the time limit was hit, or that this is an alternative; None where the plan is the optimal one."""
    if document.status is Status.ALTERNATIVE:
        return text("aside.alternative", language)
    if document.status is not Status.STOPPED:
        return None
    after = document.certificate is not None and _closed(document.certificate.stages)
    return text("aside.stopped_after" if after else "aside.stopped", language)


def all_met(document: ResultDocument, language: Language) -> str | None:
    """In place of "every target is met", where that holds of regional targets only; None where it may be said."""
    others = document.targets or ()
    return None if all(target.met for target in others) else text("aside.regional_met", language)


def no_smallest(document: ResultDocument, language: Language) -> str | None:
    """In place of "no budget meets every target", where it is only not known; None where that may be said."""
    return text("aside.smallest_unknown", language) if document.status is Status.STOPPED else None


def replaced(document: ResultDocument, language: Language) -> dict[str, str]:
    """Sentences of the map page that say too much of this result, by key, with what is said instead."""
    said = proof(document, language)
    instead = {
        "certificate_passed": said,
        "smallest_none": no_smallest(document, language),
    }
    return {key: sentence for key, sentence in instead.items() if sentence is not None}


def _name(item: object, language: Language) -> str:
    return str(getattr(item, "name_zh" if language == "zh-TW" else "name_en"))


def _listed(names: list[str], language: Language) -> str:
    return text("map.list_separator", language).join(names)
