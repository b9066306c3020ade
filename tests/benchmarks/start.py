"""Whole commands against their floor, in turn, in one run: prints medians of the ratios, asserts nothing.

python -m tests.benchmarks.start [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9
PYTHON = [sys.executable, "-c"]
# An installed package is compiled once: modules are not to be compiled anew at each start.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMMAND = [sys.executable, "-m", "regionopt"]
PAIRS = {
    "run, whole job with map / import of its libraries (target 1.6, limit 2)": (
        [*COMMAND, "run", "--quiet"],
        [*PYTHON, "import geopandas, folium, pulp, highspy"],
    ),
    "--help / python -c pass (target 10)": ([*COMMAND, "--help"], [*PYTHON, "pass"]),
    "validate / python -c pass": ([*COMMAND, "validate", "taiwan-2040", "--quiet"], [*PYTHON, "pass"]),
}


def seconds(command: list[str], folder: str) -> float:
    """One run of a command as a process of its own."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - started


def ratio(
    command: list[str], floor: list[str], rounds: int, first: list[str] | None = None
) -> tuple[float, float, float]:
    """Median ratio of neighbouring runs, after one of each that is not counted; then both medians in seconds.

    `first` is a command that is run once before, in the same folder.
    """
    with tempfile.TemporaryDirectory() as folder:
        if first is not None:
            seconds(first, folder)
        pairs = [(seconds(command, folder), seconds(floor, folder)) for _ in range(rounds + 1)][1:]
    both = zip(*pairs, strict=True)
    return (statistics.median(a / b for a, b in pairs), *(statistics.median(side) for side in both))


def main() -> None:
    """Print one line a pair."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    for what, (command, floor) in PAIRS.items():
        middle, mine, theirs = ratio(command, floor, rounds)
        print(f"{middle:6.2f} ×   {what}   ({mine:.3f} s / {theirs:.3f} s)")  # noqa: T201


if __name__ == "__main__":
    main()
