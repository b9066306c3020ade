"""The doctor on infeasible variants of the built-in case against a feasible run: prints ratios, asserts nothing.

python -m tests.benchmarks.doctor [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9
COMMAND = [sys.executable, "-m", "regionopt"]
RUN = [*COMMAND, "run", "--quiet"]
SETS = {
    "a target against a ceiling": ["targets.jobs.must=east", "regions.east.ceiling=5"],
    "floors against equity": ["equity.ratio=1.2", "regions.east.ceiling=5", "regions.capital.floor=300"],
    "every target a must": ["targets.jobs.must=true", "targets.output.must=true"],
}


def seconds(command: list[str], folder: str) -> float:
    """One run of a command as a process of its own; 1 says that a case has no plan."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode in (0, 1), command
    return time.perf_counter() - started


def main() -> None:
    """Print one line a variant: median of the ratios of neighbouring runs, both medians in seconds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        for what, sets in SETS.items():
            told = [part for text in sets for part in ("--set", text)]
            for name in ("diagnose", "run"):
                command = [*COMMAND, name, "--quiet", *told]
                pairs = [(seconds(command, folder), seconds(RUN, folder)) for _ in range(rounds + 1)][1:]
                ratio = statistics.median(a / b for a, b in pairs)
                mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
                print(f"{ratio:6.2f} ×   {name}, {what} / run (limit 2)   ({mine:.3f} s / {theirs:.3f} s)")  # noqa: T201


if __name__ == "__main__":
    main()
