"""Draws against what everyone writes first: prints ratios, asserts that the objectives are equal.

python -m tests.benchmarks.montecarlo [ROUNDS]

One core each, in turns. Our side draws, solves, checks every plan, evaluates the base plan in each draw and writes
the rows; the other is given the numbers of each draw, rebuilds its program in PuLP and solves the stages with CBC.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does

import numpy as np

from regionopt.case.case import load
from regionopt.montecarlo.jobs import NUMBERS
from regionopt.montecarlo.prepare import Question
from regionopt.montecarlo.work import Wanted, prepared
from tests.benchmarks.whatif import cbc

ROUNDS, FEW, DRAWS = 5, 6, 1000
QUESTIONS = {
    "the built-in case, 42 uncertain numbers": {},
    "the level of returns alone": {"only": ("output_level", "jobs_level")},
    "the budget alone": {"only": (), "vary": ("budget.total=triangular:500,712.5,900",)},
}


def compare(name: str, options: dict, rounds: int) -> None:
    """One line a question."""
    case = load()
    job = prepared(case, Question(DRAWS, **options), Wanted(robust=0)).job
    few = [case.patched(*run.patches).instance for run in job.order.some(0, FEW)]
    worker = job.worker()
    worker.part(0)  # the slopes of the numbers are read once, not once a batch
    ratios, rates = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        for number in range(job.batches):
            part = worker.part(number)
        own = (time.perf_counter() - begun) / DRAWS
        begun = time.perf_counter()
        theirs = cbc(few)
        ratios.append((time.perf_counter() - begun) / FEW / own)
        rates.append(1 / own)
    stages = np.frombuffer(part.files[NUMBERS]).reshape(DRAWS, -1)[:FEW, 0] if job.batches == 1 else None
    if stages is not None:
        np.testing.assert_allclose(stages, [values[0] for values in theirs], rtol=1e-6)
    told = f"{statistics.median(ratios):.1f} × PuLP rebuilt + CBC ({min(ratios):.1f} to {max(ratios):.1f})"
    sys.stdout.write(f"{name}: {told}; {statistics.median(rates):.0f} a second\n")


if __name__ == "__main__":
    for label, asked in QUESTIONS.items():
        compare(label, asked, int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
