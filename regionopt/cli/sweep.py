"""`regionopt sweep`: parse, call the library, print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regionopt.cli.many import (
    EngineName,
    Resume,
    Scheduler,
    Workers,
    Yes,
    bar,
    folder_of,
    say_checked,
    say_statuses,
    stoppable,
    through_of,
)
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
    from regionopt.sweep.work import Job

commands = typer.Typer()


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
        typer.Option(
            "--vary", metavar="PATH=VALUES", help="low:high:step, or a list, each as after --set; all combined."
        ),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Runs listed: run,path,mod(a|r|s),value,notes.")] = None,
    chart: Annotated[
        list[str] | None,
        typer.Option("--chart", metavar="OUTPUT[:INPUT]", help="Draw a column of a table over what is varied."),
    ] = None,
    out: Out = Path("maps"),
    name: Annotated[str | None, typer.Option(help="Name of the sweep's own folder.")] = None,
    engine: EngineName = "local",
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Resume = False,
    yes: Yes = False,
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Solve many runs: all combinations of numbers, or a list of changes; exit code 1 where none has a plan."""
    one_thread()
    with told(lang, debug, json):
        from regionopt.sweep.names import charts_of
        from regionopt.sweep.order import order_of
        from regionopt.sweep.pictures import write_pictures
        from regionopt.sweep.sweep import check, job_of
        from regionopt.sweep.sweep import sweep as do

        loaded = load(case, scenario, sets)
        job = job_of(loaded, order_of(loaded, vary or (), csv), time_limit)
        folder = folder_of(out, loaded, "sweep", name, _words(job, vary or (), csv))
        charts = charts_of(job, chart or ())
        through = through_of(engine, workers, scheduler)
        check(job, folder, yes, resume)
        with stoppable(folder, lang), bar(lang, quiet or json) as tell:
            counted = do(job, folder, through, resume, tell)
        drawn = write_pictures(job, folder, charts)
    if json:
        print_json({"folder": str(folder), "statuses": counted.statuses, "checked": counted.ways})
    elif not quiet:
        _say(counted, job, drawn, lang)
    raise typer.Exit(0 if any(counted.statuses.get(status) for status in ("optimal", "stopped")) else 1)


def _words(job: Job, vary: Sequence[str], csv: Path | None) -> Iterator[str]:
    """What is asked, as a folder's name says it: of a list its name and the start of its sha256."""
    yield from vary
    if csv is not None:
        yield f"{csv.stem}-{str(job.order.told())[:8]}"
    if job.limit is not None:
        yield f"time-limit={job.limit:g}"


def _say(counted: Counted, job: Job, drawn: list[str], lang: Language) -> None:
    say_statuses(counted.statuses, job, counted.folder, lang)
    say_checked(counted.ways, lang)
    typer.echo(
        text("sweep.folder", lang, folder=counted.folder, tables=", ".join((*counted.tables, *drawn))), err=True
    )
