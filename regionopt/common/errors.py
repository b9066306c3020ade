"""What can be wrong with an input, said so that the reader can mend it.

A `Problem` is a value: where, what stood there, which rule it breaks, how to mend it. Its words live in
`texts.toml` under the problem's code, in both languages, so that code and tests speak of codes and people
read sentences. All problems of one input are raised together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from regionopt.common.texts import Language, text

# A value is quoted so far; the place says where the rest of it stands.
QUOTED = 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Problem:
    """One broken rule: `place` (file, line, column or path), `value` as it was given, `code` of the rule."""

    code: str
    place: str
    value: object = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language = "en") -> str:
        """`place = value: rule; remedy`, in the language asked for."""
        given = "" if self.value is None else f" = {quoted(self.value)}"
        facts = {name: quoted(fact, 4 * QUOTED) for name, fact in self.facts.items()}
        rule = text(f"problem.{self.code}.rule", language, **facts).rstrip()
        remedy = text(f"problem.{self.code}.remedy", language, **facts).rstrip()
        colon, then = text("sentence.colon", language), text("sentence.then", language)
        return f"{quoted(self.place, 4 * QUOTED)}{given}{colon}{rule}{then}{remedy}"


def quoted(value: object, most: int = QUOTED) -> str:
    """A value as a message shows it: on one line, harmless to a terminal, and not endless."""
    try:
        shown = str(value)
    except ValueError:  # a whole number of thousands of digits
        shown = "…"
    shown = shown if len(shown) <= most else f"{shown[:most]}…"
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], shown)


class RegionoptError(Exception):
    """Anything the user is told in one message, without a traceback. `exit_code` is the command's."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(_distinct(problems))
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


class InputError(RegionoptError):
    """The input breaks rules; nothing was solved and nothing was written."""

    exit_code = 2


class ToolError(RegionoptError):
    """A solver or another part of the environment is missing or broke."""

    exit_code = 3


class LimitError(RegionoptError):
    """A limit of the machine was hit: time, disk, a folder that refuses to be written."""

    exit_code = 4


def refuse(problems: Iterable[Problem]) -> None:
    """Raise every problem at once, or do nothing when there is none."""
    found = tuple(problems)
    if found:
        raise InputError(found)


def found_by(*steps: Callable[[], object]) -> list[Problem]:
    """What the steps refuse, all together: one that is refused does not keep the next from being asked."""
    problems: list[Problem] = []
    for step in steps:
        try:
            step()
        except InputError as error:
            problems += error.problems
    return problems


def _distinct(problems: Iterable[Problem]) -> Iterable[Problem]:
    """Each problem once, in the order they were found."""
    told = set()
    for problem in problems:
        identity = problem.sentence()
        if identity not in told:
            told.add(identity)
            yield problem


def nearest(word: str, known: Iterable[str]) -> str:
    """The known names most like `word`, for a remedy; all of them when none is alike."""
    names = sorted(set(known)) or ["–"]
    alike = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return ", ".join(alike or names[:12])
