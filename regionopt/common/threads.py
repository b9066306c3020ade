"""One thread for products of matrices: workers are processes, one a core, and threads of theirs would fight for it.

Libraries read these names when numpy is first imported, so this is called before.
"""

from __future__ import annotations

import os

NAMES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread() -> None:
    """Ask for one, here and in processes that are started from here, unless the user asked for more."""
    for name in NAMES:
        os.environ.setdefault(name, "1")
