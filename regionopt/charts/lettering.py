"""How wide text is, and where its lines break, without asking a font.

A picture is drawn where no one knows the fonts of the reader, so widths are those of wide typefaces: text may come
out narrower than its room, never wider.
"""

from __future__ import annotations

import re
import unicodedata

NARROW = frozenset("iljtfrI.,:;!|'`()[]{}/\\- ")
BROAD = frozenset("mwMW%@&—…")
CLOSING = "、。，．；：！？）」』】〕》〉％"
TOKEN = re.compile(rf"\s+|[^\s\u2e80-\uffef-]+-?|-|.[{CLOSING}]*", re.DOTALL)
"""What is not torn apart: a word with its hyphen, or a Chinese character with the signs that may not begin a line."""

TURNING = ("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI")


def isolated(words: str) -> str:
    """Words of others within a sentence: what in them is read from the right turns around nothing else."""
    turns = any(unicodedata.bidirectional(letter) in TURNING for letter in words)
    return f"\u2068{words}\u2069" if turns else words


def width(words: str, size: float, bold: bool = False) -> float:
    """At most so many units wide, in letters of a size."""
    return sum(map(_part, words)) * size * (1.08 if bold else 1.0)


def lines(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """As many lines as it takes, of at most `room` units."""
    found = [""]
    for token in _tokens(words, size, room, bold):
        if found[-1] and width(found[-1] + token.rstrip(), size, bold) > room:
            found[-1] = found[-1].rstrip()
            found.append("")
        found[-1] += token if found[-1] else token.lstrip()
    found[-1] = found[-1].rstrip()
    return found


def wrapped(words: str, size: float, room: float, most: int = 3, bold: bool = False) -> list[str]:
    """At most `most` lines of at most `room` units; what does not fit ends in an ellipsis."""
    found = lines(words, size, room, bold)
    return found if len(found) <= most else [*found[: most - 1], _cut(found[most - 1], size, room, bold)]


def balanced(words: str, size: float, room: float, most: int = 3, bold: bool = False) -> list[str]:
    """The same number of lines as `wrapped` gives, but as even in width as they can be."""
    found = wrapped(words, size, room, most, bold)
    if found[-1].endswith("…"):
        return found
    for part in range(19, 5, -1):
        closer = wrapped(words, size, room * part / 20, most, bold)
        if len(closer) > len(found) or closer[-1].endswith("…"):
            break
        found = closer
    return found


def _part(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or letter in BROAD:
        return 1.0
    if letter in NARROW:
        return 0.42
    return 0.76 if letter.isupper() else 0.64


def _tokens(words: str, size: float, room: float, bold: bool) -> list[str]:
    """A word that is wider than a line is torn apart, letter by letter."""
    found = TOKEN.findall(words)
    return [part for token in found for part in ([token] if width(token, size, bold) <= room else token)]


def _cut(line: str, size: float, room: float, bold: bool) -> str:
    while line and width(line + "…", size, bold) > room:
        line = line[:-1]
    return line.rstrip() + "…"
