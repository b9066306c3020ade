"""What commands that do many runs share: where batches are done, and how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regionopt.common.errors import LimitError, ToolError
from regionopt.common.texts import Language, text

if TYPE_CHECKING:
    from regionopt.case.case import Case
    from regionopt.sweep.work import Job, Part

Workers = Annotated[
    int | None, typer.Option("--workers", "--jobs", help="Processes; all cores where it is not given.")
]
EngineName = Annotated[Literal["local", "dask"], typer.Option(help="Cores of this machine, or a Dask cluster.")]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help="The cluster's, as tcp://host:8786.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what was stopped.")]
Yes = Annotated[bool, typer.Option("--yes", help="A million runs and more are meant.")]
# What a shell says of a program that Ctrl-C ended.
STOPPED = 130


@contextmanager
def stoppable(folder: Path, lang: Language) -> Iterator[None]:
    """What is finished stays, and it is said how to go on: after Ctrl-C, a dead cluster, a full disk."""
    try:
        yield
    except (ToolError, LimitError):
        from regionopt.sweep.parts import unfinished

        if unfinished(folder):
            typer.echo(text("sweep.stopped", lang, folder=folder), err=True)
        raise
    except KeyboardInterrupt:
        typer.echo(text("sweep.stopped", lang, folder=folder), err=True)
        raise typer.Exit(STOPPED) from None


def folder_of(out: Path, case: Case, kind: str, name: str | None, words: Iterable[str]) -> Path:
    """The folder of many runs: named by what is asked, so that another question does not overwrite the one before and
    the same one is found again."""
    from regionopt.result.files import folder_name

    named = name or "~".join((f"{case.name}-{kind}", *("_".join(word.split()) for word in words)))
    return out / folder_name(case.document.case.id) / folder_name(named)


def say_statuses(statuses: Mapping[str, int], job: Job, folder: Path, lang: Language) -> None:
    """How many runs had each status, and which rules were broken by those that were not solved."""
    from regionopt.sweep.reasons import reasons_of

    for status, count in statuses.items():
        key = "stopped_early" if status == "stopped" else status
        typer.echo(text(f"sweep.{key}", lang, count=f"{count:,}"))
    for reason in reasons_of(job, folder):
        typer.echo(reason.sentence(lang))


def say_checked(ways: Mapping[str, int], lang: Language) -> None:
    """How many runs were settled which way."""
    exact = ways.get("exact", 0)
    typer.echo(text("sweep.checked", lang, rapid=f"{ways.get('float', 0):,}", exact=f"{exact:,}"))


def through_of(
    engine: str, workers: int | None, scheduler: str | None
) -> Callable[[Job, Iterable[int]], Iterator[tuple[int, Part]]]:
    """Where batches are done. Raises InputError for what does not go together."""
    from regionopt.common.errors import InputError, Problem
    from regionopt.sweep.workers import cores, local

    if engine == "dask" and scheduler is None:
        raise InputError([Problem("no_scheduler", "--engine dask")])
    if engine != "dask" and scheduler is not None:
        raise InputError([Problem("scheduler_unused", "--scheduler", scheduler)])
    if workers is not None and workers < 1:
        raise InputError([Problem("no_workers", "--workers", workers)])
    if engine == "dask":
        from regionopt.sweep.dask_engine import dask

        return partial(dask, address=str(scheduler))
    return partial(local, workers=workers or cores())


@contextmanager
def bar(lang: Language, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with rate and remaining time on stderr, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    from regionopt.cli.shell import console

    class Rate(ProgressColumn):
        """Runs a second."""

        def render(self, task: Task) -> Text:
            return Text(text("sweep.rate", lang, rate=f"{task.finished_speed or task.speed or 0:,.0f}"))

    shown = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*shown, console=console(stderr=True)) as progress:
        known = progress.add_task("", total=None)
        begun: list[int] = []

        def tell(done: int, of: int) -> None:
            begun[:] = begun or [done]
            # What was on disk already says nothing of the speed.
            progress.update(known, completed=done - begun[0], total=of - begun[0])

        yield tell
