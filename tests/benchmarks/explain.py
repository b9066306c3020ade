"""`explain` and `diagnose` as whole processes against `run`, in turn, in one run: prints medians, asserts nothing.

python -m tests.benchmarks.explain [ROUNDS]
"""

from __future__ import annotations

import sys

from tests.benchmarks.start import COMMAND, ROUNDS, ratio

RUN = [*COMMAND, "run", "--quiet"]
PAIRS = {
    "explain, everything in it / run (target 2)": [*COMMAND, "explain", "--quiet"],
    "explain --region east / run": [*COMMAND, "explain", "--region", "east", "--quiet"],
    "verify / run": [*COMMAND, "verify", "maps/taiwan-2040/base", "--quiet"],
}


def main() -> None:
    """Print one line a pair. The folder that `verify` checks is written by the run before it."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    for what, command in PAIRS.items():
        middle, mine, theirs = ratio(command, RUN, rounds, first=RUN)
        print(f"{middle:6.2f} ×   {what}   ({mine:.3f} s / {theirs:.3f} s)")  # noqa: T201


if __name__ == "__main__":
    main()
