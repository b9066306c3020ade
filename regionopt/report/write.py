"""`regionopt report`: a report of a result that was written before, or of a case that is solved and explained now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regionopt.case.case import Case
from regionopt.common.document import Status
from regionopt.common.errors import InputError, Problem
from regionopt.common.texts import Language
from regionopt.report.bundle import bundle
from regionopt.report.formats import Format, writers
from regionopt.report.make import material
from regionopt.result.files import write_files
from regionopt.static.fonts import readable
from regionopt.verify.read import CERTIFICATE, RESULT, Folder, read
from regionopt.verify.verify import verify

if TYPE_CHECKING:
    from regionopt.run.run import Order

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which formats and languages, whether HTML without a page frame, and the case file where it is not near."""

    formats: Sequence[Format]
    languages: Sequence[Language]
    fragment: bool = False
    case: Path | None = None


def unset(asked: Asked) -> bool:
    """Whether something is set here in a language that no font of this machine can set, and is told in English."""
    set_here = any(one.is_set for one in asked.formats)
    return set_here and any(readable(language) != language for language in asked.languages)


def result_folder(path: Path) -> Path | None:
    """The folder of a result that a path names, by itself or by its `result.json`; None where it names none."""
    folder = path.parent if path.name == RESULT else path
    return folder if any((folder / name).is_file() for name in (RESULT, CERTIFICATE)) else None


def report_of(path: Path, asked: Asked, tell: Tell, fresh: bool = False) -> tuple[Status, list[Path]]:
    """Write the report of a result into its folder; the result's status and the files.

    `fresh`: it was solved and proven just now, and is not verified again. Raises InputError where `regionopt verify`
    finds something wrong, ToolError without the packages of a format.
    """
    writing = writers(asked.formats)
    tell("progress.verify")
    folder = read(path) if fresh else verified(path, asked.case)
    tell("progress.report")
    with material(bundle(folder, asked.case), asked.languages, asked.fragment) as made:
        files = {name: content for writer in writing for name, content in writer.write(made).items()}
    tell("progress.write")
    write_files(path, files)
    return folder.result.status, [path / name for name in files]


def verified(path: Path, case: Path | None) -> Folder:
    """The folder of a result of which every check holds."""
    failed = [check for check in verify(path, case) if check.ok is False]
    if failed:
        names = ", ".join(dict.fromkeys(check.subject for check in failed))
        raise InputError([Problem("report_unverified", str(path), None, {"failed": len(failed), "names": names})])
    return read(path)


def solved(case: Case, order: Order, tell: Tell, tips: bool = False) -> Path:
    """Solve a case, explain its plan and write the folder of the result; without a plan, why there is none.

    The map as a page is left to `regionopt run`: the report draws its own. `tips`: with how far each return may be
    off, which takes longer. Raises InputError for whole numbers, which have none.
    """
    from regionopt.run.run import run
    from regionopt.run.write_explanation import run_explain

    folder = run_explain(case, order, tell=tell, more=_tips(case, tell) if tips else lambda _: {})[2]
    return run(case, order, tell)[1] if folder is None else folder


def _tips(case: Case, tell: Tell) -> Callable[[Case], Mapping[str, bytes]]:
    """What finds how far each return may be off, of a case that is fit for it."""
    from regionopt.curves.dials import straight
    from regionopt.curves.tipping_file import tips

    straight(case)

    def found(case: Case) -> Mapping[str, bytes]:
        tell("progress.tipping")
        return tips(case)

    return found


def with_tips(folder: Path) -> Path:
    """A result's folder. Raises InputError where it was written without how far its returns may be off."""
    if "tips.csv" not in read(folder).content:
        raise InputError([Problem("tips_unsolved", str(folder), "--tipping")])
    return folder
