"""Help in Traditional Chinese: English stands in the code, Chinese in `help.toml` by the English sentence.

Only a page of help that is asked for in Chinese reads the file, so that every other start costs what it did.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer import Context

from regionopt.common.texts import Language

EXAMPLE = "Example: "
HELP = ["-h", "--help"]


def asked_in_chinese(arguments: Sequence[str], language: Language) -> bool:
    """Whether these arguments ask for help in Chinese: by `--lang`, or else by the terminal's language."""
    wanted = not arguments or any(word in HELP for word in arguments)
    named = [after for word, after in pairwise(arguments) if word == "--lang"]
    named += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    return wanted and (named or [language])[-1] == "zh-TW"


def sentences(command: Any) -> Iterator[str]:
    """Every English sentence of a command's help and of its subcommands', as the catalogue knows them."""
    for holder, name in _places(command):
        yield EXAMPLE if name == "epilog" else getattr(holder, name)


def translate(command: Any) -> None:
    """Put Chinese in place of the sentences of a command and of its subcommands, and of the frame around them."""
    for holder, name in _places(command):
        setattr(holder, name, _chinese(getattr(holder, name)))
    _translate_frame()


def _places(command: Any) -> Iterator[tuple[Any, str]]:
    """Where help is kept: an object and the name of its attribute."""
    yield from ((command, name) for name in ("help", "short_help", "epilog") if getattr(command, name))
    options = (*command.params, command.get_help_option(Context(command, help_option_names=HELP)))
    yield from ((option, "help") for option in options if getattr(option, "help", None))
    for inner in getattr(command, "commands", {}).values():
        yield from _places(inner)


def _chinese(sentence: str) -> str:
    """A sentence in Chinese; of an example only the word before it is translated."""
    known = catalogue()
    if sentence.startswith(EXAMPLE):
        return known[EXAMPLE] + sentence.removeprefix(EXAMPLE)
    return known.get(sentence, sentence)


@cache
def catalogue() -> Mapping[str, str]:
    """English sentence to Chinese."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _translate_frame() -> None:
    """The titles around the sentences, which Typer holds as names of a module."""
    from typer import rich_utils

    for name in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE"):
        setattr(rich_utils, name, _chinese(getattr(rich_utils, name)))
