"""The same batches on an existing Dask cluster. Its workers need the same regionopt.

Dask gives a batch whose worker died to another one; a batch that kills worker after worker ends the sweep with a
message, and what is finished stays.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from regionopt.common.errors import InputError, Problem, ToolError
from regionopt.sweep.work import Job, Part, Worker

AHEAD = 2
PATIENCE = "10s"
_known: dict[str, Worker] = {}


def dask(job: Job, numbers: Iterable[int], address: str) -> Iterator[tuple[int, Part]]:
    """Batches as they are finished. Raises InputError without the package, ToolError without a scheduler."""
    client, futures = _client(address)
    with client:
        packed = pickle.dumps(job)
        sent = client.scatter(packed, broadcast=True, hash=False), hashlib.sha256(packed).hexdigest()
        left, running = deque(numbers), futures(with_results=True, loop=client.loop)
        under_way: dict[str, int] = {}
        while left or under_way:
            room = AHEAD * max(1, sum(client.nthreads().values()))
            while left and len(under_way) < room:
                number = left.popleft()
                future = client.submit(part, *sent, number, pure=False)
                under_way[future.key] = number
                running.add(future)
            try:
                done, result = next(running)
            except StopIteration:
                break
            except Exception as error:
                raise ToolError([Problem("scheduler_lost", "--scheduler", address, {"error": error})]) from error
            if isinstance(result, BaseException) or done.status != "finished":
                raise ToolError([Problem("scheduler_lost", "--scheduler", address, {"error": done.status})])
            yield under_way.pop(done.key), result


def part(packed: bytes, digest: str, number: int) -> Part:
    """On a worker: one batch; the job is unpacked once."""
    if digest not in _known:
        _known.clear()
        _known[digest] = pickle.loads(packed).worker()
    return _known[digest].part(number)


def _client(address: str) -> tuple[Any, Any]:
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise InputError([Problem("extra_missing", "--engine dask", None, {"extra": "dask"})]) from None
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False), as_completed
    except (OSError, ValueError, TimeoutError) as error:
        raise ToolError([Problem("scheduler_silent", "--scheduler", address, {"error": error})]) from error
