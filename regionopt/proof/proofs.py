"""The written proof, `certificate.json`: schema `regionopt.certificate/1`, for people and for `verify`.

Numbers that the solver was given are written as the shortest decimals that read back exactly; what is proven is
written as fractions. A bound that is null is none. Prices and costs are zero, values of columns are zero, where they
are not written.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from regionopt.common.document import Frozen, Status
from regionopt.common.jsontext import to_json
from regionopt.model.program import Program, Row

SCHEMA = "regionopt.certificate/1"
# Digits of a numerator or denominator: Python reads 4,300, and nobody reads more.
LONGEST = 2000
Ratio = Annotated[str, Field(pattern=r"^-?[0-9]+(/[1-9][0-9]*)?$", max_length=2 * LONGEST)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class ColumnText(Frozen):
    """A column of the program; whole: it comes in whole numbers."""

    name: str
    lower: Number | None
    upper: Number | None
    whole: bool = False


class RowText(Frozen):
    """A row of the program: lower ≤ Σ coefficient · column ≤ upper."""

    name: str
    terms: dict[str, Number]
    lower: Number | None
    upper: Number | None


class ProgramText(Frozen):
    """The program as the solver was given it, before any stage was held."""

    columns: tuple[ColumnText, ...]
    rows: tuple[RowText, ...]


class Step(Frozen):
    """One stage, or one step of the written order, with its proof.

    `primal` is the plan, `dual` the prices of the rows of the minimised program (costs of a stage that is maximised
    change their sign). `held_at`: later stages keep this stage's value at most there (minimised). `numbers` are the
    whole numbers that the stage was solved with; `solver_bound` and `solver_gap` are the solver's own word.
    """

    name: str
    kind: Literal["stage", "order"]
    sense: Literal["minimise", "maximise"]
    value: Ratio
    gap: Ratio | None = Field(description="distance from the proven bound; null where no bound is proven")
    held_at: Number | None = None
    numbers: dict[str, int] = Field({}, description="whole numbers by column")
    solver_bound: Number | None = None
    solver_gap: Number | None = None
    fixed_columns: tuple[str, ...] = Field((), description="columns that keep what was decided before")
    fixed_rows: tuple[str, ...] = Field((), description="rows that hold with equality by what was decided before")
    costs: dict[str, Number]
    primal: dict[str, Ratio]
    dual: dict[str, Ratio]


class Clash(Frozen):
    """Row prices that no plan can meet: the priced rows ask for `excess` more than the columns can give."""

    prices: dict[str, Ratio]
    excess: Ratio


class Evidence(Frozen):
    """A program with its proof: of an optimum, stage by stage, or that there is no plan.

    `form` is `exact`, or `rounded` where exact fractions would be too long to write: numbers are then rounded to
    the nearest floating point number, and what they still prove is proven of plans whose columns without a bound
    stay below `ceiling`. `proven` is false where only the solver says that there is no plan.
    """

    form: Literal["exact", "rounded"] = "exact"
    ceiling: Number | None = None
    proven: bool = True
    program: ProgramText
    steps: tuple[Step, ...] = ()
    infeasible: Clash | None = None


class Reading(Frozen):
    """What the tables need beside the program: how returns, groups and targets were made from the case."""

    give_away: Number
    years: tuple[str, ...] = ()
    lag: int = 0
    survival: Number = 1.0
    spillovers: dict[str, dict[str, Number]] = Field({}, description="metric to `from,to` to share")
    raises: dict[str, dict[str, Number]] = Field({}, description="platform to `region.programme` to factor")
    groups: dict[str, tuple[str, ...]] = Field({}, description="group to `region.programme`")
    over: dict[str, dict[str, Number]] = Field({}, description="target of several regions to the weight of each")
    within: Number | None = Field(None, description="tolerance of an alternative; null for the plan itself")


class Sentences(Frozen):
    """The same sentences in both languages."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


class ProofDocument(Frozen):
    """`certificate.json` as a whole."""

    schema_: Literal["regionopt.certificate/1"] = Field(default="regionopt.certificate/1", alias="schema")
    case: str
    scenario: str
    status: Status
    claims: Sentences
    reading: Reading
    plan: Evidence
    smallest_budget: Evidence | None
    inputs: dict[str, str] = Field(description="sha256 of every file that was read")
    files: dict[str, str] = Field(description="sha256 of every other file of the folder but run.json")
    digest: str = Field(description="sha256 of this file with an empty digest")


def sealed(document: ProofDocument) -> bytes:
    """The file of a document whose digest is still empty, with its digest."""
    text = to_json(document.model_dump(mode="json", by_alias=True))
    return text.replace(_seal(""), _seal(hashlib.sha256(text).hexdigest()))


def seal_holds(text: bytes, digest: str) -> bool:
    """Whether a file is what its digest was made of."""
    return hashlib.sha256(text.replace(_seal(digest), _seal(""))).hexdigest() == digest


def _seal(digest: str) -> bytes:
    return f'\n  "digest": "{digest}"\n'.encode()


def write_program(program: Program) -> ProgramText:
    """A program as text; nothing is rounded."""
    columns = enumerate(zip(program.columns, program.lower, program.upper, strict=True))
    names = program.columns
    return ProgramText(
        columns=tuple(
            ColumnText(name=name, lower=finite(low), upper=finite(high), whole=j in program.integers)
            for j, (name, low, high) in columns
        ),
        rows=tuple(
            RowText(name=row.name, terms={names[j]: a for j, a in row.terms}, lower=finite(row.lower),
                    upper=finite(row.upper))
            for row in program.rows
        ),
    )  # fmt: skip


def read_program(text: ProgramText) -> Program:
    """The program that was written. Raises KeyError for a row that names no column."""
    position = {column.name: j for j, column in enumerate(text.columns)}
    return Program(
        columns=tuple(column.name for column in text.columns),
        lower=tuple(_or(column.lower, -math.inf) for column in text.columns),
        upper=tuple(_or(column.upper, math.inf) for column in text.columns),
        rows=tuple(
            Row(row.name, tuple((position[name], a) for name, a in row.terms.items()), _or(row.lower, -math.inf),
                _or(row.upper, math.inf))
            for row in text.rows
        ),
        integers=frozenset(j for j, column in enumerate(text.columns) if column.whole),
    )  # fmt: skip


def write_vector(names: Sequence[str], values: Sequence[Fraction]) -> dict[str, str]:
    """What is not 0, by name."""
    return {name: str(value) for name, value in zip(names, values, strict=True) if value}


def read_vector(names: Sequence[str], written: Mapping[str, str]) -> tuple[Fraction, ...]:
    """A value for each name. Raises KeyError for a name that is not there."""
    for name in written.keys() - set(names):
        raise KeyError(name)
    return tuple(Fraction(written.get(name, 0)) for name in names)


def read_costs(names: Sequence[str], step: Step) -> tuple[float, ...]:
    """The costs of a step, to be minimised, one a column."""
    for name in step.costs.keys() - set(names):
        raise KeyError(name)
    return tuple(sign(step) * step.costs.get(name, 0.0) for name in names)


def sign(step: Step) -> int:
    """1 where a step is minimised, -1 where it is maximised."""
    return 1 if step.sense == "minimise" else -1


def finite(bound: float) -> float | None:
    """A bound as it is written: null where there is none."""
    return None if math.isinf(bound) else bound


def _or(bound: float | None, missing: float) -> float:
    return missing if bound is None else bound
