"""Batches on the cores of this machine: by this process, and by others that are spawned beside it.

Spawning works everywhere, and takes a second: this process begins at once, and a sweep that is done by then does not
wait for anyone. What this process found out about the case goes along with each batch, so that nobody does it again.
A batch that a dying process took with it is done again. At most two batches for each of the others are under way, so
that memory hangs on the batch and not on the number of runs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import wait as wait_for

from regionopt.common.errors import Problem, ToolError
from regionopt.common.threads import one_thread
from regionopt.sweep.work import Job, Part, Worker

AHEAD = 2
# How often processes may die, one after another, without any batch done in between.
PATIENCE = 3
_worker: list[Worker] = []


def local(job: Job, numbers: Iterable[int], workers: int) -> Iterator[tuple[int, Part]]:
    """Batches as they are finished, by so many processes, this one among them. Raises ToolError when others keep
    dying."""
    one_thread()
    own, left, died = job.worker(), deque(numbers), 0
    while left:
        others = _Others(job, workers - 1)
        try:
            own.prepare(left[0])
            while left or others.under_way:
                others.take(left, own)
                if left:
                    number = left.popleft()
                    yield number, own.part(number)
                for number, part in others.finished(wanted=not left):
                    yield number, part
                    died = 0
        except BrokenProcessPool:
            died += 1
            left.extendleft(sorted(others.under_way.values(), reverse=True))
            if died == PATIENCE:
                raise ToolError([Problem("workers_die", "--workers", workers)]) from None
        finally:
            others.leave()


@dataclass
class _Others:
    """The processes beside this one, and the batches that they were given."""

    job: Job
    count: int
    under_way: dict[Future[Part], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        before = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(max(1, self.count), context, initializer=_begin, initargs=(self.job,))
        self._ready = [self._pool.submit(_here) for _ in range(self.count)]
        self._processes = set(multiprocessing.active_children()) - before

    def take(self, left: deque[int], known: Worker) -> None:
        """Give batches to those who are there."""
        there = sum(future.done() for future in self._ready)
        while left and len(self.under_way) < AHEAD * there:
            future = self._pool.submit(_part, left[0], known.packed())
            self.under_way[future] = left.popleft()

    def finished(self, wanted: bool) -> Iterator[tuple[int, Part]]:
        """What is done; `wanted`: wait for at least one."""
        done = wait(self.under_way, None if wanted else 0, FIRST_COMPLETED).done
        for future in done:
            part = future.result()  # before it is taken off: the batch of a process that died is still under way
            yield self.under_way.pop(future), part

    def leave(self) -> None:
        """Let them go; whoever is not there yet is not waited for."""
        if not all(future.done() for future in self._ready):
            for process in self._processes:
                process.kill()
        self._pool.shutdown(wait=not self.under_way, cancel_futures=True)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(job: Job) -> None:
    """In each process: Ctrl-C is for the one that was started by hand, and without it nobody is left behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _worker[:] = [job.worker()]


def _leave_with_parent() -> None:
    """End when the process that began this one has ended, however it did: its end of the queue stays open here, so
    that the queue alone would never say so."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait_for([parent.sentinel])
    os._exit(1)


def _here() -> None:
    """Done as soon as a process is there."""


def _part(number: int, known: bytes) -> Part:
    _worker[0].learn(known)
    return _worker[0].part(number)
