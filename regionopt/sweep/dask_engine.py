"""The same batches on an existing Dask cluster. Its workers need the same regionopt.

Dask gives a batch whose worker died to another one; a batch that kills worker after worker ends the sweep with a
message, and what is finished stays.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from regionopt.common.errors import InputError, Problem, ToolError
from regionopt.sweep.work import Job, Part, Worker

AHEAD = 2
PATIENCE = "10s"
_known: dict[str, Worker] = {}


def dask(job: Job, numbers: Iterable[int], address: str) -> Iterator[tuple[int, Part]]:
    """Batches as they are finished. Raises InputError without the package, ToolError without a scheduler."""
    client, futures = _client(address)
    with _silent(), client:
        try:
            yield from _batches(client, futures, job, numbers)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise ToolError([Problem("scheduler_lost", "--scheduler", address, {"error": error})]) from error


def _batches(client: Any, futures: Any, job: Job, numbers: Iterable[int]) -> Iterator[tuple[int, Part]]:
    """What the workers have room for is sent; RuntimeError for a batch that the cluster gave up."""
    _refuse_others(client)
    packed = pickle.dumps(job)
    sent = client.scatter(packed, broadcast=True, hash=False), hashlib.sha256(packed).hexdigest()
    left, running = deque(numbers), futures(with_results=True, loop=client.loop, raise_errors=False)
    under_way: dict[str, int] = {}
    while left or under_way:
        room = AHEAD * max(1, sum(client.nthreads().values()))
        while left and len(under_way) < room:
            number = left.popleft()
            future = client.submit(part, *sent, number, pure=False)
            under_way[future.key] = number
            running.add(future)
        done, result = next(running)
        if done.status != "finished":
            raise RuntimeError(done.status)
        yield under_way.pop(done.key), result


def _refuse_others(client: Any) -> None:
    """Raises ToolError where workers lack regionopt or have another version: batches would mix."""
    own = here()
    found = client.run(here, on_error="return")
    others = {name: said for name, said in found.items() if said != own}
    if others:
        raise ToolError(
            Problem("worker_differs", name, said if isinstance(said, str) else repr(said), {"own": own})
            for name, said in sorted(others.items())
        )


def here() -> str:
    """The version of regionopt, here or on a worker."""
    return version("regionopt")


@contextmanager
def _silent() -> Iterator[None]:
    """What goes wrong is told once, by us: distributed would log it with its own traceback."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def part(packed: bytes, digest: str, number: int) -> Part:
    """On a worker: one batch; the job is unpacked once."""
    if digest not in _known:
        _known.clear()
        _known[digest] = pickle.loads(packed).worker()
    return _known[digest].part(number)


def _client(address: str) -> tuple[Any, Any]:
    try:
        from distributed import Client, as_completed
        from distributed.comm.addressing import get_address_host_port
    except ImportError:
        raise InputError([Problem("extra_missing", "--engine dask", None, {"extra": "dask"})]) from None
    try:
        get_address_host_port(address)  # a client of what is no address would wait for itself when it is closed
        return Client(address, timeout=PATIENCE, set_as_default=False), as_completed
    except (OSError, ValueError, TimeoutError) as error:
        raise ToolError([Problem("scheduler_silent", "--scheduler", address, {"error": error})]) from error
