"""The solvers by name. What differs between them ends behind these doors; one contract suite tests both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from regionopt.model.program import Program
from regionopt.model.scaling import Scaling, scaled_costs, units
from regionopt.model.standing import standing
from regionopt.solve.cbc import Cbc
from regionopt.solve.engine import Answer, Engine
from regionopt.solve.highs import Highs


class Scaled:
    """An engine that counts every column in its own unit. The units of the first program stay while columns do."""

    def __init__(self, engine: Engine) -> None:
        self.name, self._engine = engine.name, engine
        self._columns: tuple[str, ...] = ()
        self._scaling = Scaling(())
        self._last: tuple[Program, Program] | None = None

    def minimise(self, program: Program, costs: Sequence[float]) -> Answer:
        """Scale, solve, scale back. The basis is the same."""
        left = standing(program)
        if left is None:
            return self._minimise(program, costs)
        answer = self._minimise(left.program, left.picked(costs))
        basis = None if answer.basis is None else left.put_basis(answer.basis)
        return replace(answer, x=left.put(answer.x, program.lower) if answer.x else (), basis=basis)

    def _minimise(self, program: Program, costs: Sequence[float]) -> Answer:
        if program.columns != self._columns:
            self._columns, self._scaling = program.columns, Scaling(units(program))
        # Many costs over one program: it is scaled, and compared by the solver, once.
        if self._last is None or self._last[0] is not program:
            self._last = program, self._scaling.program(program)
        unit = self._scaling.unit
        answer = self._engine.minimise(self._last[1], scaled_costs(costs, unit))
        return replace(answer, x=tuple((np.array(answer.x) * self._scaling.units).tolist()) if answer.x else ())


ENGINES: dict[str, Callable[[], Engine]] = {"highs": lambda: Scaled(Highs()), "cbc": lambda: Scaled(Cbc())}
