"""What every command shares: its options, its progress, how its errors are told, how it prints.

Data goes to stdout, messages to stderr. Heavy modules are imported inside the commands that need them, so that
`--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from regionopt.common.errors import RegionoptError
from regionopt.common.texts import Language, spoken, text

if TYPE_CHECKING:
    from rich.console import Console

    from regionopt.case.case import Case


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"regionopt {version('regionopt')}")
        raise typer.Exit


LANGUAGE = spoken()

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case file, or the name of a built-in case.")]
Scenario = Annotated[str, typer.Option(metavar="NAME[,NAME]", help="Scenarios or overrides, applied in order.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set, add (+5, -5), scale (0.9x); {value=-5} sets below zero."),
]
Lang = Annotated[Literal["zh-TW", "en"], typer.Option(help="Language of messages and of the map.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
TimeLimit = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help="For platforms and measures: stop with the best plan so far."),
]
Out = Annotated[Path, typer.Option(help="Folder that results are written into.")]
Name = Annotated[str | None, typer.Option(help="Name of the result's own folder.")]
Solver = Annotated[Literal["highs", "cbc"], typer.Option(help="Solver; the answer is the same.")]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON to stdout, nothing else.")]
Version = Annotated[
    bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
]


def load(case: str, scenario: str, sets: list[str] | None) -> Case:
    """The case that a command was given."""
    from regionopt.case import case as cases

    return cases.load(case, scenario, tuple(sets or ()))


def print_json(value: Any) -> None:
    """Data on stdout, as UTF-8 on every machine."""
    import json

    sys.stdout.buffer.write((json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode())


def console(stderr: bool = False) -> Console:
    """As wide as the terminal; wide enough for the whole table where there is none."""
    from rich.console import Console

    found = Console(stderr=stderr)
    return found if found.is_terminal else Console(stderr=stderr, width=200)


def sentence(screen: Console, said: str, indent: int = 0) -> None:
    """One sentence: broken between words where the terminal ends; in one line where there is no terminal."""
    from rich.padding import Padding
    from rich.text import Text

    if screen.is_terminal:
        screen.print(Padding(Text(said), (0, 0, 0, indent)))
    else:
        typer.echo(" " * indent + said)


@contextmanager
def progress(lang: Language, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the step's name on stderr, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with console(stderr=True).status("") as status:
        yield lambda key: status.update(text(key, lang))


@contextmanager
def told(lang: Language, debug: bool, json: bool = False) -> Iterator[None]:
    """Errors as messages with their exit code; the traceback only where it was asked for."""
    try:
        yield
    except RegionoptError as error:
        if debug:
            raise
        if json:
            print_json({"problems": [problem.sentence(lang) for problem in error.problems]})
        _stop(error.exit_code, [problem.sentence(lang) for problem in error.problems])
    except (typer.Exit, typer.Abort, KeyboardInterrupt, BrokenPipeError):
        raise  # the last one: whoever reads stdout has had enough, as with `| head`
    except Exception as error:
        if debug:
            raise
        _stop(3, [text("run.internal", lang, error=f"{type(error).__name__}: {error}")])


def _stop(code: int, sentences: list[str]) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)
