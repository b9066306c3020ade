"""The report of a case without a plan: what would make one possible, then what clashes. No numbers, no map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from regionopt.common.document import Status
from regionopt.report.model import Block, Bullets, Heading, Paragraph
from regionopt.report.said import Said

Entries = Sequence[Mapping[str, Any]]


def nothing(said: Said) -> Iterator[Block]:
    """That there is no plan, and the doctor's findings where there are any."""
    yield Heading(1, said.text("no_plan_title"), "no-plan")
    status = said.written.result.status
    yield Paragraph(said.word(f"run.{status.value}"))
    if status is Status.INFEASIBLE and said.written.diagnosis is not None:
        yield from _findings(said, said.written.diagnosis)


def _findings(said: Said, found: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, said.text("remedies"), "remedies")
    yield Paragraph(said.word("doctor.alone" if found["repairs"] else "doctor.no_single"))
    yield from _listed(said, found["repairs"])
    for part, inner in (("together", "changes"), ("nearest", "missed")):
        if (whole := found[part]) is not None:
            yield Paragraph(whole["sentence"][_short(said)])
            yield from _listed(said, whole[inner])
    yield Heading(2, said.text("clash"), "clash")
    for key, entries in (("clash", found["clashing"]), *(("further", clash) for clash in found["further"])):
        yield Paragraph(said.word(f"doctor.{key}"))
        yield from _listed(said, entries)
    for key, entries in (("helpless", found["helpless"]), ("unknown", found["not_examined"])):
        if entries:
            yield Paragraph(said.word(f"doctor.{key}"))
            yield from _listed(said, entries)
    yield Paragraph(said.word("doctor.given"))


def _listed(said: Said, entries: Entries) -> Iterator[Block]:
    """Sentences of the doctor, each with what `--set` would be told."""
    told = dict.fromkeys((entry["sentence"][_short(said)], entry.get("set")) for entry in entries)
    if told:
        yield Bullets(tuple(f"{sentence} --set {change}" if change else sentence for sentence, change in told))


def _short(said: Said) -> str:
    return "zh" if said.language == "zh-TW" else "en"
