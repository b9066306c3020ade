"""How far to trust it: every number of the case with source and standing, the method, the certificate, licences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version

from regionopt.case.case import Case
from regionopt.common.document import Standing
from regionopt.common.quantity import Quantity
from regionopt.report.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Table,
    Unit,
)
from regionopt.report.said import RESULT, Said

NUMBERS = "case"


def trust(said: Said) -> Iterator[Block]:
    """Sources, method, certificate, licences."""
    yield PageBreak()
    yield from sources(said)
    yield from method(said)
    yield from certificate(said)
    yield from licences(said)


# --- sources -------------------------------------------------------------------------------------------------


def sources(said: Said) -> Iterator[Block]:
    """How many numbers have each standing, where they come from, and what a scenario changed."""
    yield Heading(1, said.text("sources"), "sources-of-numbers")
    yield Bullets(tuple(said.text(f"standing_{one.value}") for one in Standing))
    yield _standings(said)
    if said.written.tables["changes"]:
        yield _changes(said)
    case = said.written.case
    if case is None:
        yield Paragraph(said.text("no_case"))
        return
    numbers = case.resolved.numbers
    marks = {source: mark for mark, source in enumerate(dict.fromkeys(q.source for q in numbers.values()), 1)}
    yield _numbers(said, case, marks)
    yield _sources(said, numbers, marks)


def _standings(said: Said) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            said.word(f"map.standing_{one.value}"),
            Number(count, 0, Unit(""), (f"{RESULT}#/provenance/standings/{one.value}",)),
        )
        for one, count in said.written.result.provenance.standings.items()
    ]
    columns = (Column(said.word("run.standing"), numeric=False), Column(said.text("column.count")))
    return Table("standings", said.text("standings_caption"), columns, tuple(rows))


def _changes(said: Said) -> Table:
    """What overrides and `--set` changed."""
    keys = ("path", "old", "new", "unit", "by")
    columns = tuple(Column(said.word(f"run.{key}"), numeric=False) for key in keys)
    rows = tuple(tuple(row[key] or None for key in keys) for row in said.written.tables["changes"])
    return Table("changes", said.text("changes_caption"), columns, rows)


def _numbers(said: Said, case: Case, marks: Mapping[str, int]) -> Table:
    """Every number of the case; all digits, since it is what the solver was given."""
    rows: list[tuple[Cell, ...]] = [
        (
            path,
            Number(quantity.value, _decimals(quantity.value), Unit(""), (f"{NUMBERS}#{path}",)),
            quantity.unit,
            said.word(f"map.standing_{quantity.status.value}"),
            f"[{marks[quantity.source]}]",
        )
        for path, quantity in case.resolved.numbers.items()
    ]
    columns = tuple(Column(said.word(f"run.{key}"), numeric=key == "value") for key in
                    ("path", "value", "unit", "standing", "mark"))  # fmt: skip
    return Table("numbers", said.text("numbers_caption"), columns, tuple(rows))


def _decimals(value: float) -> int:
    """Decimals of the number as `regionopt show` prints it, with ten digits."""
    shown = f"{value:.10g}"
    return 0 if "e" in shown else len(shown.partition(".")[2])


def _sources(said: Said, numbers: Mapping[str, Quantity], marks: Mapping[str, int]) -> Table:
    """The sources behind the marks."""
    columns = tuple(Column(said.word(f"run.{key}"), numeric=False) for key in ("mark", "source"))
    rows = tuple((f"[{mark}]", source) for source, mark in marks.items())
    return Table("sources", said.text("sources_caption", count=len(numbers)), columns, rows)


# --- method and certificate ----------------------------------------------------------------------------------


def method(said: Said) -> Iterator[Block]:
    """The linear program in words, and the stages of this case with their values."""
    yield Heading(1, said.text("method"), "method")
    yield Paragraph(said.text("method_program"))
    yield Bullets(tuple(said.text(f"rule_{name}") for name in ("budget", "tranche", "reach", "limits")))
    yield Paragraph(said.text("method_stages"))
    if said.written.tables["prices"] and not said.written.tables["tips"]:
        yield Paragraph(said.text("tips_unasked"))
    stages = said.written.result.stages
    if stages:
        columns = (
            Column(said.text("column.stage"), numeric=False),
            Column(said.word("run.value")),
            Column(said.word("run.unit"), numeric=False),
            Column(said.text("column.unique"), numeric=False),
        )
        rows = tuple(
            (
                said.quantity(stage.name),
                Number(stage.value, 6, Unit(""), (f"{RESULT}#/stages/{k}/value",)),
                "" if stage.unit == "1" else stage.unit,
                said.text({True: "yes", False: "no", None: "not_examined"}[stage.unique]),
            )
            for k, stage in enumerate(stages)
        )
        yield Table("stages", said.text("stages_caption"), columns, rows)


def certificate(said: Said) -> Iterator[Block]:
    """What was proven, and how anyone checks it again."""
    yield Heading(1, said.text("certificate"), "certificate")
    claims = said.written.proof.claims
    yield Bullets(tuple(claims.zh if said.language == "zh-TW" else claims.en))
    proof = said.written.result.certificate
    if proof is not None:
        facts = (
            Fact(said.text("proof_passed"), said.text("yes" if proof.passed else "no")),
            Fact(said.text("proof_violation"), f"{proof.largest_violation:g}"),
            Fact(said.text("proof_tolerance"), f"{proof.tolerance:g}"),
        )
        yield Facts("proof", said.text("proof_caption"), facts)
    yield Paragraph(said.text("check_again"))
    columns = (Column(said.text("column.file"), numeric=False), Column("SHA-256", numeric=False))
    inputs = tuple(said.written.proof.inputs.items())
    yield Table("inputs", said.text("inputs_caption"), columns, inputs)
    yield Paragraph(said.text("digest", digest=said.written.proof.digest))


def licences(said: Said) -> Iterator[Block]:
    """Whose boundaries and data these are."""
    yield Heading(1, said.text("licences"), "licences")
    geometry = said.written.result.provenance.geometry
    built_in = geometry == "built-in"
    boundaries = said.word("map.source_built_in") if built_in else said.word("map.source_file", file=geometry)
    yield Bullets((boundaries, said.text("data_licence"), said.text("made_with", version=version("regionopt"))))
