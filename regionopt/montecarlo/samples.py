"""Numbers in (0, 1): the k-th draw of an input is a function of the seed, the input's name and k alone.

    philox   one stream an input, keyed by seed and name (Salmon et al. 2011); an input that is added or taken away
             changes no draw of the others
    sobol    scrambled Sobol points of all inputs together (needs the extra `sensitivity`, which brings scipy)

So draws do not hang on how they are divided over batches and workers, and none of them is kept.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence

import numpy as np

from regionopt.common.errors import InputError, Problem
from regionopt.sweep.flat import Array

SAMPLERS = ("philox", "sobol")
# Philox gives four numbers of 64 bits for each value of its counter.
BLOCK = 4


def uniform(sampler: str, seed: int, names: Sequence[str], start: int, stop: int) -> Array:
    """Numbers in (0, 1) of the draws from `start` to before `stop`, a row a draw, a column an input."""
    if sampler == "sobol":
        return _sobol(seed, len(names), start, stop)
    return np.stack([_philox(seed, name, start, stop) for name in names], axis=1)


def _philox(seed: int, name: str, start: int, stop: int) -> Array:
    stream = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    first = start // BLOCK
    key = np.array([seed, stream], dtype=np.uint64)  # a list with large numbers would be taken as floats
    raw = np.random.Philox(key=key, counter=first).random_raw(-(-stop // BLOCK) * BLOCK - first * BLOCK)
    return _open(raw[start - first * BLOCK :][: stop - start])


def _open(raw: np.ndarray) -> Array:
    """The middle of each of 2^53 equal parts of (0, 1)."""
    return ((raw >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53


def _sobol(seed: int, width: int, start: int, stop: int) -> Array:
    try:
        from scipy.stats.qmc import Sobol
    except ImportError:
        raise InputError([Problem("extra_missing", "--sampler sobol", None, {"extra": "sensitivity"})]) from None
    points = Sobol(width, scramble=True, rng=np.random.default_rng(seed))
    if start:
        points.fast_forward(start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how balanced n draws are is said by the command, not point by point
        found: Array = points.random(stop - start)
    return np.clip(found, 2.0**-54, 1 - 2.0**-53)
