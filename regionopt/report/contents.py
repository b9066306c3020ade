"""What a report says: from the written files of a result and the languages to the report. Pure, without a solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from regionopt.common.texts import Language
from regionopt.report.atlas import atlas
from regionopt.report.model import Block, Chart, Facts, Figure, Heading, Part, Report, Table
from regionopt.report.nothing import nothing
from regionopt.report.plan import plan
from regionopt.report.reasons import reasons
from regionopt.report.said import Said
from regionopt.report.summary import summary
from regionopt.report.trust import certificate, licences, sources, trust
from regionopt.report.written import Written


def contents(written: Written, languages: Sequence[Language], drawn: bool) -> Report:
    """The report; `drawn`: whether there are boundaries to draw the regions on."""
    parts = [_part(Said(written, language), drawn) for language in languages]
    return Report(tuple(parts) if len(parts) == 1 else tuple(_own_ids(part) for part in parts))


def _part(said: Said, drawn: bool) -> Part:
    result = said.written.result
    title = result.title.zh if said.language == "zh-TW" else result.title.en
    subtitle = said.text("subtitle", scenario=result.scenario)
    return Part(said.language, title, subtitle, tuple(_blocks(said, drawn)))


def _blocks(said: Said, drawn: bool) -> Iterator[Block]:
    if said.written.result.status.has_plan:
        yield from summary(said, drawn)
        yield from plan(said)
        yield from reasons(said)
        yield from atlas(said, drawn)
        yield from trust(said)
    else:
        yield from nothing(said)
        yield from sources(said)
        yield from certificate(said)
        yield from licences(said)


def _own_ids(part: Part) -> Part:
    """The same part with its language in every id, so that ids stay unique beside another part."""
    return replace(part, blocks=tuple(_own_id(block, f"-{part.language}") for block in part.blocks))


def _own_id(block: Block, suffix: str) -> Block:
    match block:
        case Figure(id=own, drawing=Chart() as chart):
            return replace(block, id=own + suffix, drawing=replace(chart, table=chart.table + suffix))
        case Heading() | Facts() | Table() | Figure():
            return replace(block, id=block.id + suffix)
        case _:
            return block
