"""The bar of a legend from a scale of colours of branca, which draws its own with a script from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from branca.colormap import ColorMap, StepColormap
from jinja2 import Template

from regionopt.common.decimals import shown
from regionopt.explore.scripts import inert

SAMPLES = 24
"""Colours along a bar without steps."""
MOST = 6
"""Ticks whose words stand beside each other."""
ALONE = Template(
    "{% macro script(this, kwargs) %}regionoptLegend({{ this._parent.get_name() }}, {{ this.bar }});{% endmacro %}"
)


def drawn_alone(scale: ColorMap) -> None:
    """Let a scale that somebody added to a map be drawn without d3."""
    given = [float(tick) for tick in scale.tick_labels or () if tick != ""]
    scale._template = ALONE
    scale.__dict__["bar"] = inert({"caption": str(scale.caption), "bar": bar_of(scale, given or scale.index)})


def bar_of(scale: ColorMap, ticks: Sequence[float], words: Sequence[str] = ()) -> dict[str, Any]:
    """Colours with where each stands, as CSS takes them, and ticks as (part of the width, words).

    Without `words` a tick says its number. Of many ticks every second or third is written, and the last.
    """
    width = (scale.vmax - scale.vmin) or 1.0
    stops = _steps(scale) if isinstance(scale, StepColormap) else _samples(scale)
    told = list(zip(ticks, words or plain(ticks), strict=True))
    step = -(-(len(told) - 1) // (min(MOST, scale.max_labels) - 1 or 1)) or 1
    return {
        "stops": [f"{colour} {100 * (at - scale.vmin) / width:.5g}%" for colour, at in stops],
        "ticks": [((tick - scale.vmin) / width, word) for tick, word in [*told[:-1:step], told[-1]]],
    }


def plain(numbers: Sequence[float]) -> list[str]:
    """Numbers with as many decimals as the largest of them needs for three digits."""
    largest = max(map(abs, numbers), default=0.0)
    decimals = min(9, max(0, 2 - math.floor(math.log10(largest)))) if largest > 0 else 0
    return [shown(number, decimals) for number in numbers]


def _steps(scale: StepColormap) -> list[tuple[str, float]]:
    spans = list(pairwise(scale.index))
    return [(scale.rgb_hex_str((low + high) / 2), edge) for low, high in spans for edge in (low, high)]


def _samples(scale: ColorMap) -> list[tuple[str, float]]:
    width = scale.vmax - scale.vmin
    at = [scale.vmin + width * sample / (SAMPLES - 1) for sample in range(SAMPLES)]
    return [(scale.rgb_hex_str(value), value) for value in at]
