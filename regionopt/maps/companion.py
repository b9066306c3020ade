"""What a map page knows beside its result: the exact curve over the budget, and facts about counties.

`map.json`, schema `regionopt.map/1`, stands beside `result.json`, so that a folder is drawn again without its case.
The curve is written for a slider: every number at the first breakpoint, then what changes from one to the next.
Between two breakpoints every number is a straight line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from regionopt.common.document import Bilingual, Frozen, Sparse, Standing

Finite = Annotated[float, Field(allow_inf_nan=False)]
Place = Annotated[int, Field(ge=0)]
MEASURES = ("budget", "output", "jobs")
"""What a region has on the curve; number `m * regions + r` of a breakpoint is measure m of region r.

After these come the money of every group that has a programme, and what every target beside those of a region's end
is measured by, in the order of the result.
"""


class Turned(Frozen):
    """What happens at a breakpoint as the budget rises: an event of `curves.turns`, and to which of `names`."""

    event: str
    name: Place | None = None


class Preset(Frozen):
    """A budget to go to: that of a named scenario, or without a name the result's own."""

    name: str | None
    at: Finite


class BudgetCurve(Frozen):
    """The plan at every budget from the first of `at` to the last.

    `steps[i]` holds number and value in turn, for every number that differs from the breakpoint before.
    """

    step: Finite = Field(gt=0, description="of the slider, in the currency unit of the case")
    at: tuple[Finite, ...] = Field(min_length=2, description="the breakpoints")
    steps: tuple[tuple[int | Finite, ...], ...]
    happens: tuple[tuple[Turned, ...], ...]
    names: tuple[Bilingual, ...]
    unspent_at: tuple[str | None, ...] = Field(description="why money is left at a breakpoint, as a code")
    unspent_after: tuple[str | None, ...] = Field(description="the same between it and the next")
    presets: tuple[Preset, ...]
    elsewhere: tuple[str, ...] = Field(description="scenarios that differ in more than the budget")
    notes: tuple[Bilingual, ...] = Field(description="what of the range has no plan, or was not followed")


class CountyFact(Frozen):
    """A statistic of a county: its number, its year, how far it can be trusted, and which of `sources` it is from."""

    value: Finite
    date: str
    status: Standing
    source: Place


class Companion(Sparse):
    """`map.json`. Without a curve, `no_curve` says why. `facts` are by indicator and county code."""

    schema_: Literal["regionopt.map/1"] = Field(default="regionopt.map/1", alias="schema")
    curve: BudgetCurve | None = None
    no_curve: Bilingual | None = None
    facts: dict[str, dict[str, CountyFact]] | None = None
    sources: tuple[str, ...] | None = None
