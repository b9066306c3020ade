"""The map of a plan as a picture: the same numbers, units, classes, colours and words as the page of `maps`."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.charts.lettering import isolated
from regionopt.common.document import ResultDocument
from regionopt.common.errors import refuse
from regionopt.common.texts import LANGUAGES, Language, text
from regionopt.maps.drawing import document_problems
from regionopt.maps.slide import Slide
from regionopt.static.compose import drawn
from regionopt.static.ground import Ground
from regionopt.static.series import Series
from regionopt.static.sheet import Alternative, Sheet
from regionopt.static.words import description, footnote, heading, legend, legend_title, metric_name, source


def map_svg(
    document: ResultDocument,
    ground: Ground,
    metric: str = "budget",
    language: Language = "zh-TW",
    marked: str | None = None,
    slide: Slide | None = None,
) -> str:
    """A metric (`mapdata.METRICS`) of every region as SVG; the same input gives the same bytes.

    `ground` is that of the document's regions, in their order. The region with the id `marked` stands out: such a map
    stands beside words about the region and leaves out what they say. With the `slide` of the page, classes are those
    of its slider. Raises InputError when the document holds no plan or numbers that are none.
    """
    refuse(document_problems(document))
    row = None if marked is None else [region.id for region in document.regions].index(marked)
    series = Series.of(document, metric, slide)
    sheet = Sheet(
        key=f"map-{metric}{'' if row is None else f'-r{row}'}-{language}".lower().replace("_", "-"),
        language=language,
        heading=heading(series, language),
        subheadings=() if marked else (_title(document, language), _scenario(document, language)),
        names=_names(document, language),
        values=tuple(series.bare(value, language) for value in series.values),
        fills=tuple(map(series.fill, series.values)),
        legend_title=legend_title(series, language),
        legend=legend(series, ground, language),
        notes=(_source(document, language),) if marked else tuple(_notes(document, ground, metric, language)),
        alternatives={one: _alternative(document, ground, series, one) for one in LANGUAGES},
        marked=row,
    )
    return drawn(sheet, ground)


def caption(document: ResultDocument, metric: str, language: Language) -> str:
    """What stands under the map where it is pasted: what is shown, in which unit, of which plan."""
    unit = Series.of(document, metric).units[language].name
    facts = {"title": isolated(_title(document, language)), "scenario": isolated(document.scenario)}
    return text("static.caption", language, metric=metric_name(metric, language), unit=unit, **facts)


def alternative(document: ResultDocument, ground: Ground, metric: str, language: Language) -> Alternative:
    """What the map says to who cannot see it: every number, and what is left out."""
    return _alternative(document, ground, Series.of(document, metric), language)


def _alternative(document: ResultDocument, ground: Ground, series: Series, language: Language) -> Alternative:
    facts = {"title": isolated(_title(document, language)), "scenario": isolated(document.scenario)}
    title = text("static.title", language, metric=metric_name(series.metric, language), **facts)
    return Alternative(title, description(series, _names(document, language), ground, language))


def _notes(document: ResultDocument, ground: Ground, metric: str, language: Language) -> Iterator[str]:
    """As under the map of the page, then how far the numbers can be trusted, and the source."""
    if metric == "share":
        yield text("map.note_share", language)
    if metric.endswith("_shortfall"):
        yield text("map.note_shortfall", language)
    yield footnote(ground, language)
    standing = text(f"map.standing_{document.facts.weakest_standing.value}", language)
    yield text("map.standing", language, standing=standing)
    yield _source(document, language)


def _source(document: ResultDocument, language: Language) -> str:
    return source(document.provenance.geometry, language)


def _scenario(document: ResultDocument, language: Language) -> str:
    return text("map.scenario", language, scenario=document.scenario)


def _title(document: ResultDocument, language: Language) -> str:
    return document.title.zh if language == "zh-TW" else document.title.en


def _names(document: ResultDocument, language: Language) -> tuple[str, ...]:
    return tuple(region.name_zh if language == "zh-TW" else region.name_en for region in document.regions)
