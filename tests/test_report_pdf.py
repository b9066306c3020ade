"""The PDF report, and the pictures of a report as files, read again."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reports import BASE, HOSTILE, hostile, of_gallery
from typer.testing import CliRunner

typst = pytest.importorskip("typst", reason="needs the extra: pip install 'regionopt[report]'")
docx = pytest.importorskip("docx", reason="needs the extra: pip install 'regionopt[report]'")
pypdf = pytest.importorskip("pypdf", reason="reads the PDF: pip install -e '.[test]'")

from regionopt.cli.main import app  # noqa: E402
from regionopt.common.errors import ToolError  # noqa: E402
from regionopt.report import pngs, svgs  # noqa: E402
from regionopt.report.formats import FORMATS, Material, writers  # noqa: E402
from regionopt.report.layout import shown  # noqa: E402
from regionopt.report.model import Heading  # noqa: E402
from regionopt.report.pdf import write  # noqa: E402
from regionopt.static import fonts  # noqa: E402

A4 = (595, 842)


@pytest.fixture(scope="module")
def made() -> Iterator[Material]:
    with of_gallery(("en",)) as material:
        yield material


@pytest.fixture(scope="module")
def pdf(made: Material) -> bytes:
    return write(made)["report.pdf"]


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[Any]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def bare(words: str) -> str:
    """Without spaces: where a line ends is the setter's business. Marks for breaks are left out."""
    return re.sub(r"[\s\u200b]", "", words)


def test_every_number_of_every_table_is_there(made: Material, pages: list[Any]) -> None:
    told = bare("".join(page.extract_text() for page in pages))
    for table in made.report.parts[0].tables():
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                if len(words := shown(cell, column)) < 40:  # what is longer may be cut in two by the end of a page
                    assert bare(words) in told, (table.id, cell)


def test_it_has_a_title_bookmarks_tags_and_a_language_and_no_date(made: Material, pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert reader.metadata.title == made.report.title
    assert reader.metadata.creation_date is None
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en"
    flat = list(flattened(reader.outline))
    wanted = [block.text for block in made.report.parts[0].blocks if isinstance(block, Heading)]
    assert [one.title for one in flat] == wanted


def flattened(outline: Any) -> Iterator[Any]:
    for one in outline:
        yield from flattened(one) if isinstance(one, list) else [one]


def test_a_region_begins_on_a_page_of_its_own_and_fits_it(made: Material, pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    names = [block.text for block in made.report.parts[0].blocks if getattr(block, "id", "").startswith("region-")]
    starts = [reader.get_destination_page_number(one) for one in flattened(reader.outline) if one.title in names]
    assert len(starts) == 5
    assert all(after == before + 1 for before, after in pairwise(starts))


def test_pages_are_a4_and_numbered(pages: list[Any]) -> None:
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages}
    assert sizes <= {A4, (842, 595)}
    assert all(f"{number} / {len(pages)}" in page.extract_text() for number, page in enumerate(pages, start=1))


def test_header_rows_repeat_where_a_table_goes_on(made: Material, pages: list[Any]) -> None:
    numbers = made.report.parts[0].table("numbers")
    heads = bare("".join(column.heading for column in numbers.columns))
    assert sum(heads in bare(page.extract_text()) for page in pages) >= 3


def test_the_same_bytes_again(made: Material, pdf: bytes) -> None:
    assert write(made)["report.pdf"] == pdf


def test_hostile_texts_are_text() -> None:
    reader = pypdf.PdfReader(io.BytesIO(write(hostile())["report.pdf"]))
    told = bare("".join(page.extract_text() for page in reader.pages))
    for words in HOSTILE:
        assert told.count(bare(words)) >= 8, words
    assert reader.metadata.title == HOSTILE[0]


def test_both_languages_stand_in_one_file() -> None:
    with of_gallery(("zh-TW", "en")) as material:
        reader = pypdf.PdfReader(io.BytesIO(write(material)["report.pdf"]))
    told = "".join(page.extract_text() for page in reader.pages)
    if fonts.readable("zh-TW") == "zh-TW":
        assert "首都圈黃金廊帶" in told
    assert "Capital Golden Corridor" in told


def test_without_a_chinese_font_everything_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: typst.Fonts(include_system_fonts=False))
    monkeypatch.setattr("regionopt.report.pdf.installed", fonts.installed)
    with of_gallery(("zh-TW",)) as material:
        reader = pypdf.PdfReader(io.BytesIO(write(material)["report.pdf"]))
    told = "".join(page.extract_text() for page in reader.pages)
    assert "Capital Golden Corridor" in told
    assert not re.search("[\u4e00-\u9fff]", told)


def test_pictures_are_files(made: Material) -> None:
    vector, pixels = svgs.write(made), pngs.write(made)
    names = [f"report.{figure.id}" for figure in made.report.parts[0].figures()]
    assert list(vector) == [f"{name}.svg" for name in names]
    assert list(pixels) == [f"{name}.png" for name in names]
    assert all(b"<title" in svg and b"<desc" in svg for svg in vector.values())
    assert all(png.startswith(b"\x89PNG") for png in pixels.values())


def test_no_format_loads_what_it_does_not_need() -> None:
    """Neither typst nor python-docx for HTML, nor matplotlib for anything."""
    code = (
        "import sys, regionopt.report.write, regionopt.report.html, regionopt.report.svgs;"
        "sys.exit(bool({'typst', 'docx', 'xlsxwriter', 'matplotlib'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("name", "package"), [("docx", "docx"), ("docx", "typst"), ("pdf", "typst"), ("png", "typst")]
)
def test_a_missing_package_is_told_before_anything_is_made(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ToolError, match=re.escape("regionopt[report]")):
        writers([FORMATS[name]])


def test_a_missing_font_is_told_once_and_labels_are_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: typst.Fonts(include_system_fonts=False))
    monkeypatch.setattr("regionopt.report.pdf.installed", fonts.installed)
    shutil.copytree(BASE, tmp_path / "base")
    done = CliRunner().invoke(app, ["report", str(tmp_path / "base"), "--format", "docx,pdf", "--lang", "zh-TW"])
    assert done.exit_code == 0
    assert done.stderr.count("Noto Sans CJK TC") == 1
    opened = docx.Document(str(tmp_path / "base" / "report.docx"))
    assert "首都圈黃金廊帶" in [paragraph.text for paragraph in opened.paragraphs]  # set by the reader's fonts
    pages = pypdf.PdfReader(str(tmp_path / "base" / "report.pdf")).pages
    assert not re.search("[\u4e00-\u9fff]", "".join(page.extract_text() for page in pages))
    plain = CliRunner().invoke(app, ["report", str(tmp_path / "base"), "--format", "svg,html", "--lang", "zh-TW"])
    assert "Noto" not in plain.stderr


def test_the_formats_are_known() -> None:
    assert {"docx", "pdf", "svg", "png"} <= set(FORMATS)


def test_the_command_writes_them(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    shutil.copytree(BASE, folder)
    command = [
        sys.executable,
        "-m",
        "regionopt",
        "report",
        str(folder),
        "--format",
        "docx,pdf,svg,png",
        "--lang",
        "en",
    ]
    subprocess.run([*command, "-q"], check=True)
    assert {"report.docx", "report.pdf", "report.map.svg", "report.map.png"} <= {
        file.name for file in folder.iterdir()
    }
