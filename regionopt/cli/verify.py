"""`regionopt verify`: one line for each thing that was checked. No solver is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regionopt.cli.shell import LANGUAGE, Debug, Json, Lang, Quiet, Version, print_json, told
from regionopt.common.texts import Language, text

if TYPE_CHECKING:
    from regionopt.verify.check import Check

commands = typer.Typer()


@commands.command(epilog="Example: regionopt verify maps/taiwan-2040/base")
def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER|report.html", help="The folder of a result, or a report as HTML.")
    ],
    lang: Lang = LANGUAGE,
    case: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The case file, where it is not near the result.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Check a result again without a solver: files, proofs, program, every table."""
    with told(lang, debug, json):
        found = _checked(folder, case)
        if json:
            print_json([_plain(check, lang) for check in found])
        else:
            _say(found, lang, quiet)
    raise typer.Exit(1 if any(check.ok is False for check in found) else 0)


def _checked(path: Path, case: Path | None) -> list[Check]:
    """The checks of a folder, or of the files in a page."""
    if path.is_file():
        from regionopt.report.recheck import recheck

        return list(recheck(path))
    from regionopt.verify.verify import verify as checks

    return list(checks(path, case))


def sentence(check: Check, lang: Language) -> str:
    """One check as a line: what holds or does not, and what stands where something else should."""
    key = {True: "verify.ok", False: "verify.failed", None: "verify.not_checked"}[check.ok]
    line = text(key, lang, sentence=text(f"check.{check.code}", lang, subject=check.subject))
    faults = [
        text("verify.differs", lang, place=fault.place, written=fault.written, expected=fault.expected)
        for fault in check.faults
    ]
    return "\n".join([line, *faults])


def _plain(check: Check, lang: Language) -> dict[str, object]:
    """One check as data."""
    return {
        "check": check.code,
        "subject": check.subject,
        "ok": check.ok,
        "sentence": text(f"check.{check.code}", lang, subject=check.subject),
        "faults": [{"place": f.place, "written": f.written, "expected": f.expected} for f in check.faults],
    }


def _say(found: list[Check], lang: Language, quiet: bool) -> None:
    for check in found:
        if check.ok is False or not quiet:
            typer.echo(sentence(check, lang))
    failed = sum(check.ok is False for check in found)
    open_ = sum(check.ok is None for check in found)
    if failed or not quiet:
        key = "verify.sum_failed" if failed else "verify.sum_ok"
        typer.echo(text(key, lang, count=len(found), failed=failed, open=open_), err=True)
