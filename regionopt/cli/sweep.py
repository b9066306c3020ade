"""`regionopt sweep`: parse, call the library, print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    CaseArgument,
    Debug,
    Json,
    Lang,
    Out,
    Quiet,
    Scenario,
    Sets,
    TimeLimit,
    Version,
    load,
    print_json,
    told,
)
from regionopt.common.texts import Language, text
from regionopt.common.threads import one_thread

if TYPE_CHECKING:
    from regionopt.sweep.sweep import Counted
    from regionopt.sweep.work import Job, Part

commands = typer.Typer()

Workers = Annotated[int | None, typer.Option(help="Processes; all cores where it is not given.")]
EngineName = Annotated[Literal["local", "dask"], typer.Option(help="Cores of this machine, or a Dask cluster.")]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help="The cluster's, as tcp://host:8786.")]
# What a shell says of a program that Ctrl-C ended.
STOPPED = 130


@commands.command(
    epilog="Example: regionopt sweep --vary budget.total=200:1200:50 --vary regions.east.floor_share=0,0.02,0.05"
)
def sweep(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="PATH=VALUES", help="low:high:step, or a list; all combined."),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Runs listed: run,path,mod(a|r|s),value,notes.")] = None,
    out: Out = Path("maps"),
    name: Annotated[str | None, typer.Option(help="Name of the sweep's own folder.")] = None,
    engine: EngineName = "local",
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a sweep that was stopped.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="A million runs and more are meant.")] = False,
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Solve many runs: every combination of some numbers, or a list of changes. Tables of runs and regions."""
    one_thread()
    with told(lang, debug, json):
        from regionopt.result.files import folder_name
        from regionopt.sweep.order import order_of
        from regionopt.sweep.sweep import check, job_of
        from regionopt.sweep.sweep import sweep as do

        loaded = load(case, scenario, sets)
        job = job_of(loaded, order_of(vary or (), csv), time_limit)
        folder = out / folder_name(loaded.document.case.id) / folder_name(name or f"{loaded.name}-sweep")
        through = through_of(engine, workers, scheduler)
        check(job, folder, yes)
        try:
            with bar(lang, quiet or json) as tell:
                counted = do(job, folder, through, resume, tell)
        except KeyboardInterrupt:
            typer.echo(text("sweep.stopped", lang, folder=folder), err=True)
            raise typer.Exit(STOPPED) from None
    if json:
        print_json({"folder": str(folder), "statuses": counted.statuses, "checked": counted.ways})
    elif not quiet:
        _say(counted, lang)


def through_of(
    engine: str, workers: int | None, scheduler: str | None
) -> Callable[[Job, Iterable[int]], Iterator[tuple[int, Part]]]:
    """Where batches are done. Raises InputError for what does not go together."""
    from regionopt.common.errors import InputError, Problem
    from regionopt.sweep.workers import cores, here, local

    if engine == "dask" and scheduler is None:
        raise InputError([Problem("no_scheduler", "--engine dask")])
    if engine != "dask" and scheduler is not None:
        raise InputError([Problem("scheduler_unused", "--scheduler", scheduler)])
    if workers is not None and workers < 1:
        raise InputError([Problem("no_workers", "--workers", workers)])
    if engine == "dask":
        from regionopt.sweep.dask_engine import dask

        return partial(dask, address=str(scheduler))
    count = workers or cores()
    return here if count == 1 else partial(local, workers=count)


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


def _say(counted: Counted, lang: Language) -> None:
    for status, count in counted.statuses.items():
        key = "stopped_early" if status == "stopped" else status
        typer.echo(text(f"sweep.{key}", lang, count=f"{count:,}"))
    exact = counted.ways.get("exact", 0)
    typer.echo(text("sweep.checked", lang, rapid=f"{counted.ways.get('float', 0):,}", exact=f"{exact:,}"))
    typer.echo(text("sweep.folder", lang, folder=counted.folder, tables=", ".join(counted.tables)), err=True)
