"""A comparison as tidy frames, for Python: what `regionopt compare` writes, from results that are solved already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regionopt.common.texts import Language, in_language
from regionopt.compare.document import CompareDocument, DifferenceResult, MoveResult, TargetResult
from regionopt.compare.sides import solved_side
from regionopt.compare.write import compare, plain_rows
from regionopt.result.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Comparison:
    """Results against the first of them. `document` is the content of `compare.json`."""

    table: tuple[dict[str, Any], ...]
    document: CompareDocument

    def __repr__(self) -> str:
        """What moved and why: a notebook shows it where a comparison stands last."""
        return "\n".join(self.sentences())

    @property
    def numbers(self) -> pd.DataFrame:
        """Every number of every side: `scenario, status, kind, region, programme, metric, unit, value, base,
        difference`. A side without a plan keeps its rows."""
        return _frame(self.table, tuple(self.table[0]))

    @property
    def moves(self) -> pd.DataFrame:
        """Money that moved: `scenario, region, group, programme, before, after, difference, causes`."""
        return _frame(
            (
                {"scenario": pair.scenario, **_move(move)}
                for pair in self.document.pairs
                for move in (*pair.regions, *pair.groups, *pair.programmes)
            ),
            ("scenario", "region", "group", "programme", "before", "after", "difference", "causes"),
        )

    @property
    def targets(self) -> pd.DataFrame:
        """Targets won and lost: `scenario, metric, region, kind, period, change`."""
        return _frame(
            (
                {"scenario": pair.scenario, **target.model_dump()}
                for pair in self.document.pairs
                for target in pair.targets
            ),
            ("scenario", *TargetResult.model_fields),
        )

    @property
    def changes(self) -> pd.DataFrame:
        """What differs between the cases: `scenario, path, old, new, unit`."""
        return _frame(
            (
                {"scenario": pair.scenario, **item.model_dump()}
                for pair in self.document.pairs
                for item in pair.differs or ()
            ),
            ("scenario", *DifferenceResult.model_fields),
        )

    def sentences(self, language: Language = "en") -> list[str]:
        """What moved and why, in words."""
        told = (sentence for pair in self.document.pairs for sentence in pair.sentences)
        return [in_language(sentence, language) for sentence in told]


def comparison(results: Sequence[Result]) -> Comparison:
    """Compare results with the first. Raises InputError for other regions or another unit."""
    names = _names([result.case.name for result in results])
    sides = [solved_side(name, "scenario", result) for name, result in zip(names, results, strict=True)]
    compared = compare(sides, names)
    return Comparison(tuple(plain_rows(compared)), compared.document)


def _names(names: Sequence[str]) -> list[str]:
    """Each name once: what stands again is numbered."""
    return [
        name if name not in names[:k] else f"{name} ({names[:k].count(name) + 1})" for k, name in enumerate(names)
    ]


def _move(move: MoveResult) -> dict[str, Any]:
    amounts = {"before": move.before, "after": move.after, "difference": move.difference}
    causes = ", ".join(cause.code for cause in move.causes or ())
    names = {"region": move.region or "", "group": move.group or "", "programme": move.programme or ""}
    return {**names, **amounts, "causes": causes}


def _frame(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame with these columns, also where nothing is to be told."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
