"""`regionopt montecarlo`: parse, call the library, print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

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
    console,
    load,
    print_json,
    told,
)
from regionopt.common.texts import Language, text
from regionopt.common.threads import one_thread

if TYPE_CHECKING:
    from regionopt.montecarlo.prepare import Question
    from regionopt.montecarlo.work import Wanted, Work

commands = typer.Typer()

# Options whose fields have names of their own.
OPTIONS = {"levels": "quantiles", "robust": "robust-draws", "runs": "sensitivity-runs", "limit": "time-limit"}

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=KIND:NUMBERS",
        help="Beside those of the case file: uniform:low,high; triangular:low,mode,high; normal:mean,sd; "
        "lognormal:median,sigma; discrete:v@weight,v@weight… Numbers as 90, 0.9x or +5. "
        "May end in each=region|programme|number and group=NAME.",
    ),
]


@commands.command(
    epilog="Example: regionopt montecarlo --draws 10000 --vary 'returns.jobs.*=triangular:0.7x,1x,1.3x each=region'"
)
def montecarlo(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    vary: Vary = None,
    only: Annotated[
        str | None, typer.Option(metavar="NAME[,NAME]", help="Which of the case file count; `none` for none.")
    ] = None,
    correlate: Annotated[
        list[str] | None, typer.Option(metavar="GROUP=NUMBER", help="Correlation of any two members of a group.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", "-n", help="How many draws.")] = 1000,
    seed: Annotated[int, typer.Option(help="Draws are a function of it.")] = 1,
    sampler: Annotated[
        Literal["philox", "sobol"], typer.Option(help="Independent draws, or Sobol points (extra sensitivity).")
    ] = "philox",
    quantiles: Annotated[
        str, typer.Option(metavar="P,P,…", help="Which quantiles, such as 0.05,0.5,0.95.")
    ] = "0.05,0.25,0.5,0.75,0.95",
    alpha: Annotated[float, typer.Option(help="CVaR is the mean of the worst 1 - alpha of draws.")] = 0.9,
    robust_draws: Annotated[int, typer.Option(help="Robust plans over the first so many draws; 0 for none.")] = 100,
    sensitivity: Annotated[
        Literal["sobol", "morris"] | None, typer.Option(help="Rank the inputs (extra sensitivity).")
    ] = None,
    sensitivity_runs: Annotated[
        int | None, typer.Option(help="Size of its design: N of Sobol, ways of Morris.")
    ] = None,
    out: Out = Path("maps"),
    name: Annotated[str | None, typer.Option(help="Name of the folder.")] = None,
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
    """Draw uncertain numbers, solve every draw: quantiles, shares, regret, robust plans, what matters most."""
    one_thread()
    with told(lang, debug, json):
        from regionopt.montecarlo.montecarlo import montecarlo as do
        from regionopt.montecarlo.prepare import Question
        from regionopt.montecarlo.work import Wanted, prepared

        chosen = None if only is None else () if only == "none" else tuple(part.strip() for part in only.split(","))
        question = Question(draws, seed, sampler, tuple(vary or ()), chosen, tuple(correlate or ()))
        wanted = Wanted(_levels(quantiles), alpha, robust_draws, sensitivity, sensitivity_runs, time_limit)
        loaded = load(case, scenario, sets)
        work = prepared(loaded, question, wanted)
        folder = folder_of(out, loaded, "montecarlo", name, _words(question, wanted))
        through = through_of(engine, workers, scheduler)
        with stoppable(folder, lang), bar(lang, quiet or json) as tell:
            document = do(work, folder, through, resume, yes, tell)
        if json:
            print_json(document)
        elif not quiet:
            _say(document, work, folder, lang)
    raise typer.Exit(0 if document["quantiles"][0]["draws"] else 1)


def _words(question: Question, wanted: Wanted) -> Iterator[str]:
    """What is asked otherwise than where no option is given, as a folder's name says it."""
    for asked in (question, wanted):
        for field in fields(asked):
            value = getattr(asked, field.name)
            if field.name == "vary":
                yield from value
            elif value != field.default:
                said = ",".join(map(str, value)) or "none" if isinstance(value, tuple) else value
                yield f"{OPTIONS.get(field.name, field.name)}={said}"


def _levels(given: str) -> tuple[float, ...]:
    """`0.05,0.5,0.95` as numbers. Raises InputError for what is none."""
    from regionopt.common.errors import InputError, Problem

    try:
        return tuple(float(part) for part in given.split(","))
    except ValueError:
        raise InputError([Problem("quantile_range", "--quantiles", given)]) from None


def _say(document: dict[str, Any], work: Work, folder: Path, lang: Language) -> None:
    from regionopt.montecarlo.table import table
    from regionopt.montecarlo.told import sentences
    from regionopt.telling.limits import region_names

    names = region_names(work.case, lang)
    console().print(table(document, names, lang))
    say_statuses(document["statuses"], work.job, folder, lang)
    for sentence in sentences(document, names, lang):
        typer.echo(sentence)
    say_checked(document["checked"], lang)
    typer.echo(text("run.folder", lang, folder=folder), err=True)
