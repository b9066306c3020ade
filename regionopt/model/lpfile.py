"""The linear program as text in LP format: for other solvers, and for readers (golden files)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from regionopt.common.instance import Instance
from regionopt.model.model import build


def lp_text(instance: Instance) -> str:
    """The program with the first stage as its objective, and the later stages named in the header."""
    model = build(instance)
    first = model.stages[0]
    model.problem.setObjective(first.sense * first.expression)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.lp"
        model.problem.writeLP(str(path))
        text = path.read_text()
    stages = ", ".join(f"{'min' if stage.sense > 0 else 'max'} {stage.name}" for stage in model.stages)
    return f"\\* stages in order, each held while the next is optimised: {stages} *\\\n{text}"
