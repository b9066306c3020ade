"""The Word report, opened again."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reports import HOSTILE, hostile, of_gallery

docx = pytest.importorskip("docx", reason="needs the extra: pip install 'regionopt[report]'")
pytest.importorskip("typst", reason="needs the extra: pip install 'regionopt[report]'")

from docx.oxml.ns import qn  # noqa: E402

from regionopt.report.formats import Material  # noqa: E402
from regionopt.report.layout import shown  # noqa: E402
from regionopt.report.model import Heading  # noqa: E402
from regionopt.report.word import write  # noqa: E402


@pytest.fixture(scope="module")
def made() -> Iterator[Material]:
    with of_gallery(("zh-TW", "en")) as material:
        yield material


@pytest.fixture(scope="module")
def written(made: Material) -> bytes:
    return write(made)["report.docx"]


@pytest.fixture(scope="module")
def document(written: bytes) -> Any:
    return docx.Document(io.BytesIO(written))


def tables(document: Any) -> list[Any]:
    """Tables with a header row; the others hold facts."""
    return [table for table in document.tables if table._tbl.find(".//" + qn("w:tblHeader")) is not None]


def words(table: Any) -> list[list[str]]:
    """The text of every cell, lines joined; read from the file itself, which is faster than cell by cell."""
    return [["\n".join(p.text for p in cell.paragraphs) for cell in row.cells] for row in table.rows]


def test_headings_are_headings_in_their_order(made: Material, document: Any) -> None:
    wanted = [
        (f"Heading {b.level}", b.text) for part in made.report.parts for b in part.blocks if isinstance(b, Heading)
    ]
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert found == wanted
    assert len(found) > 20


def test_every_cell_of_every_table_is_what_the_report_says(made: Material, document: Any) -> None:
    wanted = [table for part in made.report.parts for table in part.tables()]
    found = tables(document)
    assert len(found) == len(wanted) > 20
    for table, told in zip(found, wanted, strict=True):
        rows = [[shown(cell, column) for cell, column in zip(row, told.columns, strict=True)] for row in told.rows]
        assert words(table)[1:] == rows, told.id


def test_numbers_are_those_of_the_result(made: Material, document: Any) -> None:
    regions = made.files["result/result.json"].decode()
    assert '"budget": 231.974796' in regions
    plan = words(tables(document)[0])
    assert plan[0][1] == "預算\n億元"
    assert plan[1][1] == "2,320"  # 231.974796 NT$ billion, told in 億元


def test_captions_number_themselves(made: Material, document: Any) -> None:
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    codes = [code.text.strip() for p in captions for code in p._p.iter(qn("w:instrText"))]
    assert len(codes) == len(captions)
    assert (
        codes.count("SEQ Table \\* ARABIC \\r 1") == codes.count("SEQ Figure \\* ARABIC \\r 1") == 2
    )  # one a language
    first = made.report.parts[1].table("plan-en").caption
    assert f"Table 1: {first}" in [p.text for p in captions]
    texts = [text.text for p in captions for text in p._p.iter(qn("w:t"))]
    assert "1" in texts  # the number is the result of the field, not a part of the words


def test_pictures_have_descriptions(made: Material, document: Any) -> None:
    wanted = [figure.alt for part in made.report.parts for figure in part.figures()]
    found = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert found == wanted
    assert all(found)


def test_header_rows_repeat_and_numbers_stand_at_the_right(document: Any) -> None:
    for table in tables(document):
        rows = table._tbl.findall(qn("w:tr"))
        assert rows[0].find(".//" + qn("w:tblHeader")) is not None
        assert all(row.find(".//" + qn("w:cantSplit")) is not None for row in rows)
    second = tables(document)[0].rows[1].cells[1].paragraphs[0]
    assert second._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"


def test_elements_stand_in_the_order_that_the_format_demands(document: Any) -> None:
    """Word calls a file broken in which they do not, whatever python-docx makes of it."""
    orders = {
        "tblPr": ("tblW", "tblLayout", "tblCellMar", "tblLook"),
        "tblCellMar": ("top", "left", "bottom", "right"),
        "tcPr": ("tcW", "tcBorders", "shd", "vAlign"),
        "tcBorders": ("top", "left", "bottom", "right"),
        "pPr": ("pStyle", "keepNext", "tabs", "jc", "sectPr"),
        "rPr": ("b", "sz"),
    }
    for name, order in orders.items():
        for element in document.element.body.iter(qn(f"w:{name}")):
            found = [child.tag.split("}")[1] for child in element]
            assert found == sorted(set(found), key=order.index), name


def test_contents_are_a_field_that_leads_to_the_headings(document: Any) -> None:
    codes = [code.text for code in document.element.iter(qn("w:instrText"))]
    assert sum(code.strip().startswith("TOC ") for code in codes) == 2
    names = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    links = {link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))}
    assert links
    assert links <= names
    kinds = [mark.get(qn("w:fldCharType")) for mark in document.element.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_fonts_and_languages_for_both_scripts(document: Any) -> None:
    fonts = list(document.styles.element.iter(qn("w:rFonts")))
    assert fonts
    assert all(font.get(qn("w:eastAsia")) == "Microsoft JhengHei" for font in fonts)
    assert all(font.get(qn("w:eastAsiaTheme")) is None for font in fonts)
    language = next(document.styles.element.iter(qn("w:lang")))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "zh-TW")


def test_paper_is_a4_and_wide_tables_lie_on_their_side(document: Any) -> None:
    sizes = {(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections}
    assert (210, 297) in sizes
    assert sizes <= {(210, 297), (297, 210)}


def test_bytes_are_the_same_and_dated_nowhere(made: Material, written: bytes, document: Any) -> None:
    assert write(made)["report.docx"] == written
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document.core_properties.created == document.core_properties.modified
    assert document.core_properties.title == made.report.title


def test_hostile_texts_are_text() -> None:
    opened = docx.Document(io.BytesIO(write(hostile())["report.docx"]))
    body = [p.text for p in opened.paragraphs]
    for told in HOSTILE:
        assert body.count(told) >= 4  # a heading, a paragraph, two of a list
        assert any(told in cell for table in tables(opened) for row in words(table) for cell in row)
        assert told in [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]


def test_characters_that_xml_refuses_are_marked() -> None:
    material = hostile()
    part = material.report.parts[0]
    broken = type(part)("en", "a\x00b", "c\x1fd", (Heading(1, "e\x0bf", "h"),))
    opened = docx.Document(io.BytesIO(write(type(material)(
        type(material.report)((broken,)), {}, material.draw, material.again))["report.docx"]))  # fmt: skip
    assert [p.text for p in opened.paragraphs][:2] == ["a\ufffdb", "c\ufffdd"]


def test_libreoffice_opens_it(written: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "report.docx").write_bytes(written)
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "txt:Text"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "report.docx")], check=True, capture_output=True
    )
    told = (tmp_path / "report.txt").read_text(encoding="utf-8-sig")
    assert "首都圈黃金廊帶" in told
    assert "Capital Golden Corridor" in told
