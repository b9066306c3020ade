"""Currency units: `NT$ billion` is a multiple of the single unit `NT$`."""

from __future__ import annotations

_MULTIPLES = {
    "billion": 1e9, "million": 1e6, "thousand": 1e3, "億": 1e8, "百萬": 1e6, "萬": 1e4, "千": 1e3,
}  # fmt: skip


def scale(currency_unit: str) -> float:
    """How many single currency units one unit of the case is: 1e9 for `NT$ billion`, 1 for an unknown word."""
    return _split(currency_unit)[1]


def single_unit(currency_unit: str) -> str:
    """The single currency unit: `NT$` of `NT$ billion`, `元` of `億元`; an unknown unit is its own."""
    return _split(currency_unit)[0]


def _split(currency_unit: str) -> tuple[str, float]:
    unit = currency_unit.strip()
    for word, factor in _MULTIPLES.items():
        if unit.endswith(f" {word}"):
            return unit.removesuffix(word).strip(), factor
        if unit.endswith(f"{word}元"):
            return f"{unit.removesuffix(f'{word}元')}元", factor
    return unit, 1.0
