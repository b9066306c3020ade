"""The embed kit: what is copied into other pages says what the pictures say, literally and in both languages."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from reports import BASE, HOSTILE, hostile, of_gallery

from regionopt.report.kit import write

PAGE = (BASE.parents[1] / "README.md").read_text(encoding="utf-8")
RECIPES = PAGE.split("## A result in other places")[1].split("\n## ")[0]


class Elements(HTMLParser):
    """Start tags with their attributes, and the text between."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def fences(markdown: str, language: str) -> list[str]:
    tokens: list[Token] = MarkdownIt().parse(markdown)
    return [token.content.strip() for token in tokens if token.type == "fence" and token.info == language]


def kit(files: dict[str, bytes]) -> str:
    return files["embed.md"].decode()


def test_every_picture_has_caption_and_text_in_both_languages() -> None:
    with of_gallery(("en",)) as made:
        files = write(made)
        parts = made.again(("en", "zh-TW")).report.parts
    snippets = [Elements(code) for code in fences(kit(files), "html") if code.startswith("<figure")]
    figures = [figure for pair in zip(*(part.figures() for part in parts), strict=True) for figure in pair]
    assert len(snippets) == len(figures) > 10
    for shown, figure in zip(snippets, figures, strict=True):
        source = f"report.{figure.id}.svg"
        assert shown.tags[1] == ("img", {"src": source, "alt": figure.alt})
        assert "".join(shown.words) == figure.caption
        assert source in files
    assert [shown.tags[0][1]["lang"] for shown in snippets[:2]] == ["en", "zh-TW"]


def test_hostile_texts_are_text() -> None:
    markdown = kit(write(hostile()))
    snippets = [Elements(code) for code in fences(markdown, "html") if code.startswith("<figure")]
    told = {shown.tags[1][1]["alt"] for shown in snippets}
    assert told == set(HOSTILE)
    assert all([tag for tag, _ in shown.tags] == ["figure", "img", "figcaption"] for shown in snippets)
    tokens: list[Token] = MarkdownIt().parse(markdown)
    assert not [token for token in tokens if token.type.startswith("html")]


def test_quarto_reads_its_picture() -> None:
    """Quarto's Markdown is Pandoc's: the picture is Markdown's own, its attributes follow in braces."""
    for code in fences(kit(write(hostile())), "markdown"):
        picture, attributes = code.rsplit("{#fig-", 1)
        inline = MarkdownIt().parse(picture)[1].children
        assert inline
        assert [token.type for token in inline] == ["image"]
        assert re.fullmatch(r'[a-z0-9-]+ fig-alt="[^"\\`]*"\}', attributes)


def test_the_recipes_are_run(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="needs the extra: pip install 'regionopt[report]'")
    pytest.importorskip("typst", reason="needs the extra: pip install 'regionopt[report]'")
    shutil.copytree(BASE, tmp_path / "maps" / "taiwan-2040" / "base")
    commands = re.findall(r"^    regionopt (.*)$", RECIPES, re.MULTILINE)
    assert len(commands) >= 1
    for command in commands:
        subprocess.run([sys.executable, "-m", "regionopt", *shlex.split(command), "-q"], cwd=tmp_path, check=True)
    there = {file.name for file in (tmp_path / "maps/taiwan-2040/base").iterdir()}
    named = set(re.findall(r"`((?:report|map|embed)[\w.-]*\.(?:html|svg|png|docx|md|pdf))`", RECIPES))
    assert {"map.html", "report.docx", "embed.md", "report.map.png"} <= named <= there


def test_the_line_of_the_recipe_is_that_of_the_kit() -> None:
    with of_gallery(("en",)) as made:
        line = fences(kit(write(made)), "html")[0]
    assert line in RECIPES
