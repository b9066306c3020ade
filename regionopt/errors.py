"""What can be wrong with an input, said so that the reader can mend it.

A `Problem` is a value: where, what stood there, which rule it breaks, how to mend it. Its words live in
`texts.toml` under the problem's code, in both languages, so that code and tests speak of codes and people
read sentences. All problems of one input are raised together.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regionopt.texts import Language, text


@dataclass(frozen=True)
class Problem:
    """One broken rule: `place` (file, line, column or path), `value` as it was given, `code` of the rule."""

    code: str
    place: str
    value: object = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language = "en") -> str:
        """`place = value: rule; remedy`, in the language asked for."""
        given = "" if self.value is None else f" = {self.value}"
        rule = text(f"problem.{self.code}.rule", language, **self.facts)
        remedy = text(f"problem.{self.code}.remedy", language, **self.facts)
        return f"{self.place}{given}{text('sentence.colon', language)}{rule}{text('sentence.then', language)}{remedy}"


class RegionoptError(Exception):
    """Anything the user is told in one message, without a traceback. `exit_code` is the command's."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
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


def nearest(word: str, known: Iterable[str]) -> str:
    """The known names most like `word`, for a remedy; all of them when none is alike."""
    names = sorted(set(known))
    alike = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return ", ".join(alike or names[:12])
