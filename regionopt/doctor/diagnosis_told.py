"""A diagnosis as it is read: the sentences of `diagnosis.json`, what would help first, then what clashes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from regionopt.common.texts import Language, short, text

Entries = Sequence[Mapping[str, Any]]


def sentences(found: Mapping[str, Any], language: Language) -> Iterator[str]:
    """A diagnosis as it is read: what would help first, then what clashes. Entries are indented."""
    yield from _block("doctor.alone", found["repairs"], language)
    if not found["repairs"]:
        yield text("doctor.no_single", language)
    for part, inner in (("together", "changes"), ("nearest", "missed")):
        if (whole := found[part]) is not None:
            yield whole["sentence"][short(language)]
            yield from _indented(whole[inner], language)
    yield from _block("doctor.clash", found["clashing"], language)
    for clash in found["further"]:
        yield from _block("doctor.further", clash, language)
    yield from _block("doctor.helpless", found["helpless"], language)
    yield from _block("doctor.unknown", found["not_examined"], language)
    yield text("doctor.given", language)


def _block(heading: str, entries: Entries, language: Language) -> Iterator[str]:
    """Entries under their heading; nothing where there are none."""
    if entries:
        yield text(heading, language)
        yield from _indented(entries, language)


def _indented(entries: Entries, language: Language) -> Iterator[str]:
    """Entries that read alike once, each with what follows `--set`."""
    for sentence, told in dict.fromkeys((entry["sentence"][short(language)], entry.get("set")) for entry in entries):
        yield f"  {sentence}" + (f"  --set {shlex.quote(told)}" if told else "")
