"""Why this plan: what binds, prices with ranges, bands, benchmarks, what each region means, what fairness costs.

From the tables that `regionopt explain` wrote; a result without them says so, once.
"""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.report.choice import region_bands
from regionopt.report.holding import binding_table
from regionopt.report.model import Block, Heading, Paragraph
from regionopt.report.others import benchmarks, fairness, importance
from regionopt.report.prices import prices_table
from regionopt.report.said import Said
from regionopt.report.tips import tips


def reasons(said: Said) -> Iterator[Block]:
    """Every part that there are tables for."""
    yield Heading(1, said.text("reasons"), "reasons")
    tables = said.written.tables
    if not tables["bands"]:
        yield Paragraph(said.text("not_explained"))
        return
    if tables["binding"]:
        yield Heading(2, said.word("explain.what_binds"), "what-binds")
        yield binding_table(said)
    if tables["prices"]:
        yield Heading(2, said.text("prices"), "what-prices")
        yield Paragraph(said.text("prices_said"))
        yield prices_table(said)
    yield Heading(2, said.word("explain.choice"), "choice")
    yield Paragraph(said.text("bands_said"))
    yield from region_bands(said)
    yield from tips(said)
    yield from benchmarks(said)
    yield from importance(said)
    yield from fairness(said)
