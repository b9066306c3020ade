"""Batches on the cores of this machine: processes that are spawned, so that it works everywhere.

A batch that a dying process took with it is done again by a new one. At most two batches a worker are under way, so
that memory hangs on the batch and not on the number of runs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from regionopt.common.errors import Problem, ToolError
from regionopt.common.threads import one_thread
from regionopt.sweep.work import Job, Part, Worker

AHEAD = 2
# How often processes may die, one after another, without any batch done in between.
PATIENCE = 3
_worker: list[Worker] = []


def here(job: Job, numbers: Iterable[int]) -> Iterator[tuple[int, Part]]:
    """Batches one after another, in this process."""
    worker = job.worker()
    return ((number, worker.part(number)) for number in numbers)


def local(job: Job, numbers: Iterable[int], workers: int) -> Iterator[tuple[int, Part]]:
    """Batches as they are finished, by so many processes. Raises ToolError when processes keep dying."""
    one_thread()
    left, died = deque(numbers), 0
    while left:
        pool = _pool(job, workers)
        under_way: dict[Future[Part], int] = {}
        try:
            while left or under_way:
                while left and len(under_way) < AHEAD * workers:
                    number = left[0]
                    under_way[pool.submit(_part, number)] = left.popleft()
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    part = done.result()
                    yield under_way.pop(done), part
                    died = 0
        except BrokenProcessPool:
            died += 1
            left.extendleft(sorted(under_way.values(), reverse=True))
            if died == PATIENCE:
                raise ToolError([Problem("workers_die", "--workers", workers)]) from None
        finally:
            pool.shutdown(wait=not under_way, cancel_futures=True)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(job,))


def _begin(job: Job) -> None:
    """In each process: Ctrl-C is for the one that was started by hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker[:] = [job.worker()]


def _part(number: int) -> Part:
    return _worker[0].part(number)
