"""What a change does to a stage or a national total, in words, the same in explanations and in reports."""

from __future__ import annotations

import math

from regionopt.common.document import ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.telling.wording import amount_of, money, quantity_name


def change_of(name: str, value: float, document: ResultDocument, language: Language) -> str:
    """A change of a quantity with its unit, without a sign: shortfalls in percentage points."""
    size, base = abs(value), name.partition("[")[0]
    if base in METRICS:
        return amount_of(base, size, document, language)
    if base in ("worst_shortfall", "leximin"):
        return text("price.points", language, value=f"{100 * size:.3g}")
    return _four(size) if base == "total_shortfall" else money(size, document, language)


def _four(size: float) -> str:
    """Four significant digits, never as a power of ten."""
    return f"{size:.{max(0, 3 - math.floor(math.log10(size)))}f}" if size else "0"


def effect(name: str, value: float, document: ResultDocument, language: Language) -> str:
    """What a change does to a quantity, in words."""
    told = quantity_name(name, language)
    if not value:
        return text("price.nothing", language, quantity=told)
    key = "price.raises" if value > 0 else "price.lowers"
    return text(key, language, quantity=told, value=change_of(name, value, document, language))
