"""The look of a Word report: fonts for both scripts, paper, headings, captions, footer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from regionopt.report.word_xml import field, run

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

LATIN, CHINESE = "Arial", "Microsoft JhengHei"
"""Fonts that Word has where it is sold in Taiwan; where they are missing it takes its own for the script."""
INK, SOFT = RGBColor(0x1B, 0x2A, 0x38), RGBColor(0x52, 0x60, 0x6D)
SIZES: Mapping[str, tuple[float, RGBColor, float, float]] = {
    "Normal": (10.5, INK, 0, 6),
    "Title": (22, INK, 0, 2),
    "Subtitle": (12, SOFT, 0, 12),
    "Heading 1": (17, INK, 20, 6),
    "Heading 2": (13, INK, 14, 4),
    "Heading 3": (11, INK, 10, 4),
    "TOC Heading": (17, INK, 6, 4),
    "Caption": (9, SOFT, 10, 3),
    "List Bullet": (10.5, INK, 0, 3),
    "Footer": (8.5, SOFT, 0, 0),
}
"""Size of letters in points, colour, space before and after in points."""
TABLE = 8.5
WHEN = datetime(1980, 1, 1)
"""A report says when its case was solved nowhere else either: the same input gives the same bytes."""


def styled(document: Document, title: str) -> None:
    """Fonts, styles, paper and properties of an empty document."""
    _default_fonts(document)
    for name, (size, colour, before, after) in SIZES.items():
        _style(document, name, size, colour, before, after)
    for level in (1, 2):
        made = document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
        made.paragraph_format.left_indent, made.paragraph_format.space_after = Pt(14 * (level - 1)), Pt(2)
    for name, size, after in (("Table Text", TABLE, 0.0), ("Note", TABLE, 8.0)):
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
        _style(document, name, size, SOFT if name == "Note" else INK, 2 if name == "Note" else 0, after)
    _upright(document.sections[0])
    _footer(document.sections[0], title)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:255], "regionopt", "regionopt"
    properties.comments, properties.revision, properties.created, properties.modified = "", 1, WHEN, WHEN


def turned(document: Document, aside: bool) -> None:
    """What follows stands on a new page, upright or on its side."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _upright(section)
    if aside:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width


def _upright(section: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)


def _default_fonts(document: Document) -> None:
    """In the defaults and in every style that names a font; themes would give Chinese a font of another country."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), LATIN)
        fonts.set(qn("w:eastAsia"), CHINESE)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-TW")
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:eastAsia"), "zh-TW")


def _style(document: Document, name: str, size: float, colour: RGBColor, before: float, after: float) -> None:
    style: Any = document.styles[name]
    style.font.size, style.font.color.rgb, style.font.italic = Pt(size), colour, False
    style.font.bold = name.startswith(("Heading", "Title", "TOC"))
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.1
    if name == "Title":
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
            break


def _footer(section: Section, title: str) -> None:
    """Title at the left, page of pages at the right."""
    paragraph = section.footer.paragraphs[0]._p
    properties = paragraph.get_or_add_pPr()
    tabs = OxmlElement("w:tabs")
    for kind, at in (("clear", "4680"), ("clear", "9360"), ("right", "9638")):
        tab = OxmlElement("w:tab")
        tab.set(qn("w:val"), kind)
        tab.set(qn("w:pos"), at)
        tabs.append(tab)
    properties.append(tabs)
    run(paragraph, f"{title}\t")
    field(paragraph, "PAGE", "1")
    run(paragraph, " / ")
    field(paragraph, "NUMPAGES", "1")
