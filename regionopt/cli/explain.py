"""`regionopt explain`: why this plan, in sentences and tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    CaseArgument,
    Debug,
    Json,
    Lang,
    Name,
    Out,
    Quiet,
    Scenario,
    Sets,
    Solver,
    TimeLimit,
    Version,
    console,
    load,
    print_json,
    progress,
    sentence,
    told,
)
from regionopt.common.texts import Language, in_language, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from regionopt.explain.explanation import Explanation

commands = typer.Typer()

Tolerances = Annotated[
    list[float] | None,
    typer.Option(
        "--tolerance", help="Bands among plans so near the optimum: 0.01 is 1 %. More than one may be given."
    ),
]


@commands.command(epilog="Example: regionopt explain --region east")
def explain(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    region: Annotated[str | None, typer.Option(help="Explain one region.")] = None,
    tolerance: Tolerances = None,
    out: Out = Path("maps"),
    name: Name = None,
    solver: Solver = "highs",
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Say why this plan: prices with ranges, what binds, bands, benchmarks, importance, the price of fairness."""
    with told(lang, debug):
        from regionopt.explain.explanation import TOLERANCES
        from regionopt.run.run import Order
        from regionopt.run.write_explanation import run_explain

        order = Order(solver, out, name, lang, False, tuple(sys.argv[1:]), time_limit)
        asked = load(case, scenario, sets)
        if region is not None:
            from regionopt.explain.why import known_region

            known_region(asked.instance.regions, region)
        with progress(lang, quiet or json) as tell:
            result, found, folder = run_explain(asked, order, tuple(tolerance or TOLERANCES), tell)
        if found is None:
            typer.echo(text("explain.none", lang), err=True)
        elif json:
            from regionopt.explain.explanation import plain

            print_json(plain(found))
        elif not quiet:
            _say_region(found, region, lang) if region else _say(found, lang)
            typer.echo(text("run.folder", lang, folder=folder), err=True)
    raise typer.Exit({"optimal": 0, "stopped": 4}.get(result.status, 1))


def _say_region(found: Explanation, region: str, lang: Language) -> None:
    from regionopt.explain.tables_told import band_table
    from regionopt.explain.why import sentences
    from regionopt.result.outputs import document

    shown, screen = document(found.result), console()
    for said in sentences(found, shown, region, lang):
        sentence(screen, said)
    screen.print(band_table(found, shown, lang, region))
    sentence(screen, text("bands.meaning", lang))


def _say(found: Explanation, lang: Language) -> None:
    """The whole explanation, part by part."""
    from regionopt.explain import bands, rivals_told
    from regionopt.explain.explained import fairness_sentences, left_out, limit_sentences, price_sentences
    from regionopt.explain.tables_told import band_table, binding_table, loss_table
    from regionopt.result.outputs import document
    from regionopt.telling.wording import worst

    shown, screen = document(found.result), console()

    def part(key: str, sentences: Iterable[str] = (), table: Table | None = None) -> None:
        screen.print(f"\n[bold]{text(f'explain.{key}', lang)}[/bold]", highlight=False)
        if table is not None:
            screen.print(table)
        for said in sentences:
            sentence(screen, said, 2)

    title = in_language(shown.title, lang)
    sentence(screen, text("explain.headline", lang, title=title, scenario=shown.scenario))
    sentence(screen, worst(shown, lang))
    if found.along is not None:
        part("more_money", price_sentences(found.prices, "budget.total", found, shown, lang))
        part("what_binds", table=binding_table(found, shown, lang))
        part("prices", limit_sentences(found, shown, lang))
    told = (text("bands.meaning", lang), *bands.sentences(found.result, lang))
    part("choice", told, band_table(found, shown, lang))
    rivals = rivals_told.sentences(found.result, shown, found.rivals, lang)
    part("rivals", rivals, rivals_told.rivals_table(found.result, shown, found.rivals, lang))
    part("lost", table=loss_table(found, shown, lang))
    if found.curves:
        part("fairness", fairness_sentences(found.curves, shown, lang))
    for said in left_out(found, lang):
        sentence(screen, said)
