"""What a page of one's own needs to show a result, ready to be copied: the line that embeds its map, and for every
picture a caption and a text for who cannot see it, in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import get_args

from regionopt.common.texts import Language, text
from regionopt.report.formats import Material, picture_name
from regionopt.report.markdown import literal, one_line
from regionopt.report.model import Figure, Map, Part
from regionopt.report.svgs import write as pictures

LANGUAGES: tuple[Language, ...] = get_args(Language)
NAME = "embed.md"


def write(material: Material) -> dict[str, bytes]:
    """`embed.md`, and the pictures it speaks of in both languages as SVG."""
    language = material.report.parts[0].language
    both = material.again(sorted(LANGUAGES, key=lambda one: one != language))
    files = pictures(both)
    return {NAME: ("\n\n".join(_kit(both, set(files))) + "\n").encode(), **files}


def _kit(both: Material, there: set[str]) -> Iterator[str]:
    first = both.report.parts[0]
    yield f"# {_said('title', first, title=literal(first.title))}"
    yield _said("frame", first)
    if any(isinstance(figure.drawing, Map) for figure in first.figures()):
        yield _fenced("html", frame("map.html", _said("map", first, title=first.title), "allow-scripts"))
    yield _fenced("html", frame("report.html", _said("report", first, title=first.title)))
    yield _said("pictures", first)
    for figures in zip(*(part.figures() for part in both.report.parts), strict=True):
        if picture_name(figures[0], "svg") in there:
            yield f"## {literal(figures[0].caption)}"
            for figure, part in zip(figures, both.report.parts, strict=True):
                yield from _picture(figure, part)


def frame(page: str, title: str, sandbox: str = "") -> str:
    """The element that shows a page within another: it needs no style, script or host but the page's own, and lets
    that page do nothing but what `sandbox` says."""
    return (
        f'<iframe src="{page}" title="{_attribute(title)}" width="100%" height="760" '
        f'sandbox="{sandbox}" loading="lazy"></iframe>'
    )


def _picture(figure: Figure, part: Part) -> Iterator[str]:
    """Caption and alternative text as they are, then as HTML and as Quarto has them."""
    name = picture_name(figure, "svg")
    colon = text("sentence.colon", part.language)
    words = ((_said("caption", part), figure.caption), (_said("alternative", part), figure.alt))
    yield "\n".join(f"- {label}{colon}{literal(told)}" for label, told in words)
    image = f'<img src="{name}" alt="{_attribute(figure.alt)}">'
    caption = f"<figcaption>{escape(one_line(figure.caption))}</figcaption>"
    yield _fenced("html", f'<figure lang="{part.language}">{image}{caption}</figure>')
    label = re.sub(r"[^a-z0-9-]", "-", figure.id.lower())
    attributes = f'#fig-{label} fig-alt="{_attribute(figure.alt)}"'
    yield _fenced("markdown", f"![{literal(figure.caption)}]({name}){{{attributes}}}")


def _said(key: str, part: Part, **facts: str) -> str:
    return text(f"embed.{key}", part.language, **facts)


def _attribute(words: str) -> str:
    """Text between quotation marks; what has a meaning to HTML or Pandoc stands as a reference."""
    return escape(one_line(words)).replace("\\", "&#92;").replace("`", "&#96;")


def _fenced(language: str, code: str) -> str:
    """Code to be copied; the fence is longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"
