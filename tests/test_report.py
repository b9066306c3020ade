"""`regionopt report`: every number in every format is one of the files, every text stands there literally, and a page
that was changed is found out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from inputs import CASE, COEFFICIENTS, TARGETS, small, snapshot
from markdown_it import MarkdownIt
from typer.testing import CliRunner, Result

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.report.bundle import bundle, unpacked
from regionopt.report.csvs import write as csv_files
from regionopt.report.embedded import extracted
from regionopt.report.formats import Material, asked, writers
from regionopt.report.html import page
from regionopt.report.make import material
from regionopt.report.markdown import literal
from regionopt.report.model import (
    Bullets,
    Cell,
    Chart,
    Facts,
    Figure,
    Lines,
    Number,
    Paragraph,
    Part,
    Table,
    Unit,
    cell_text,
)
from regionopt.report.recheck import recheck
from regionopt.report.workbook import workbook
from regionopt.report.write import solved
from regionopt.run.run import Order, run
from regionopt.verify.read import read

HOSTILE = (
    "=cmd|'/c calc'!A1 </script><script>alert(1)</script> {{7*7}} | `x` *b* [l](http://a.b) www.a.b \\ & \"q\" <b>"
)
LONG = "長" * 150 + "long name " * 4 + "long name"
BOTH = ("zh-TW", "en")
CLASH = CASE + "[regions.north]\nfloor = 90\n"


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def solve(home: Path, changes: Mapping[str, str] | None = None) -> Path:
    """The folder of a small case, solved and explained."""
    return solved(load(small(home, changes or {})), Order(out=home / "maps"), lambda _: None)


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case, order = load("taiwan-2040"), Order(out=tmp_path_factory.mktemp("built-in"))
    run(case, order)  # draws the map as a page, which is kept
    return solved(case, order, lambda _: None)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result in which every text of the case is hostile, long ones among them."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    case = CASE.replace('zh = "小案例", en = "Small case"', f"zh = '''{HOSTILE}''', en = '''{HOSTILE}'''")
    regions = f"region,name_zh,name_en\nnorth,{quoted},{quoted}\nsouth,{LONG},{LONG}\n"
    return solve(tmp_path_factory.mktemp("hostile"), {"case.toml": case, "regions.csv": regions})


@pytest.fixture(scope="module")
def infeasible(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return solve(tmp_path_factory.mktemp("clash"), {"case.toml": CLASH})


def made(folder: Path, *languages: str) -> Material:
    with material(bundle(read(folder)), languages or BOTH) as found:  # type: ignore[arg-type]
        return found


def cells(part: Part) -> Iterator[Cell]:
    for block in part.blocks:
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)
        elif isinstance(block, Facts):
            yield from (fact.value for fact in block.facts)


def at(files: Mapping[str, bytes], place: str) -> float:
    """The number at a place of the files, read without the report's code."""
    name, _, pointer = place.partition("#")
    keys = pointer.strip("/").split("/")
    content = files[f"result/{name}"].decode("utf-8-sig")
    value: Any = json.loads(content) if name.endswith(".json") else list(csv.DictReader(io.StringIO(content)))
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return float(value)


# --- the numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", BOTH)
def test_every_number_is_that_of_the_files(built_in: Path, language: str) -> None:
    files = bundle(read(built_in))
    numbers = [cell for cell in cells(made(built_in, language).report.parts[0]) if isinstance(cell, Number)]
    told = [number for number in numbers if number.places and not number.places[0].startswith("case#")]
    assert len(told) > 400
    for number in told:
        assert number.value == pytest.approx(sum(at(files, place) for place in number.places), rel=1e-12, abs=1e-12)


def test_the_numbers_of_the_case_are_those_of_show(built_in: Path) -> None:
    table = made(built_in, "en").report.parts[0].table("numbers")
    numbers = load("taiwan-2040").resolved.numbers
    assert len(table.rows) == len(numbers) > 200
    for row, (path, quantity) in zip(table.rows, numbers.items(), strict=True):
        assert row[0] == path
        assert isinstance(row[1], Number)
        assert (row[1].value, row[2]) == (quantity.value, quantity.unit)
        assert row[1].text.replace(",", "").replace("−", "-") == f"{quantity.value:.10g}"


@pytest.mark.parametrize(
    ("value", "decimals", "scale", "signed", "told"),
    [
        (231.974796, 1, 1.0, False, "232.0"),
        (231.974796, 0, 10.0, False, "2,320"),
        (-0.04, 1, 1.0, True, "0.0"),
        (-0.05001, 1, 1.0, True, "−0.1"),
        (1234.5, 1, 1.0, True, "+1,234.5"),
    ],
)
def test_a_number_is_shown_in_its_unit(value: float, decimals: int, scale: float, signed: bool, told: str) -> None:
    assert Number(value, decimals, Unit("x", scale), (), signed).text == told


class Tables(HTMLParser):
    """The tables of a page as lists of texts, cells without their units."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in, self._small = False, False

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        if tag == "tbody":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        self._in = self._in or tag in ("td", "th")
        self._small = self._small or tag == "small"
        if tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag not in ("td", "th")
        self._small = self._small and tag != "small"

    def handle_data(self, data: str) -> None:
        if self._in and not self._small and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data


def shown(html: str) -> list[list[list[str]]]:
    reader = Tables()
    reader.feed(re.sub(r"(?s)<thead>.*?</thead>", "", html))
    return [[[cell.strip() for cell in row] for row in table if row] for table in reader.tables]


@pytest.mark.parametrize("which", ["built_in", "hostile"])
def test_html_shows_every_cell(which: str, request: pytest.FixtureRequest) -> None:
    found = made(request.getfixturevalue(which))
    tables = [table for part in found.report.parts for table in part.tables()]
    assert shown(page(found)) == [[[cell_text(c).strip() for c in row] for row in t.rows] for t in tables]


def sheets(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("which", ["built_in", "hostile", "infeasible"])
def test_xlsx_has_every_cell_as_number_or_text(which: str, request: pytest.FixtureRequest) -> None:
    report = made(request.getfixturevalue(which)).report
    book = sheets(workbook(report))
    blocks = [block for part in report.parts for block in (*part.tables(), *curves_of(part))]
    numbered = [sheet for sheet in book if sheet.title[0].isdigit()]
    assert len(numbered) == len(blocks)
    for sheet, table in zip(numbered, blocks, strict=True):
        assert sheet["A1"].value == table.caption
        if isinstance(table, Figure):
            continue
        assert sheet.freeze_panes == "B4"
        for i, row in enumerate(table.rows):
            for k, cell in enumerate(row):
                written = sheet.cell(4 + i, 1 + k)
                if isinstance(cell, Number):
                    factor = 100 if cell.unit.percent else 1
                    assert written.data_type == "n"
                    assert written.value * factor == pytest.approx(cell.shown, rel=1e-12, abs=1e-15)
                    assert f"0.{'0' * cell.decimals}" in written.number_format or not cell.decimals
                else:
                    assert written.data_type == "s" or not cell
                    assert (written.value or "") == (cell_text(cell) if cell is None else cell)


@pytest.mark.parametrize("which", ["built_in", "hostile"])
def test_xlsx_is_the_same_after_libreoffice_has_opened_it(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Opened by Calc and written again: every sheet, every cell literally, every chart."""
    office = shutil.which("localc")
    if office is None:
        pytest.skip("LibreOffice Calc is not installed")
    own, there = tmp_path / "report.xlsx", tmp_path / "again"
    own.write_bytes(workbook(made(request.getfixturevalue(which)).report))
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(there), str(own)], check=True, capture_output=True)
    before, after = sheets(own.read_bytes()), sheets((there / "report.xlsx").read_bytes())
    assert [sheet.title for sheet in after] == [sheet.title for sheet in before]
    for old, new in zip(before, after, strict=True):
        assert len(new._charts) == len(old._charts)
        for row in old.iter_rows():
            for cell in row:
                found = new.cell(cell.row, cell.column)
                assert found.data_type == cell.data_type
                expected = (
                    pytest.approx(cell.value, rel=1e-12) if cell.data_type == "n" and cell.value else cell.value
                )
                assert found.value == expected


def test_xlsx_has_charts_of_its_own_that_point_at_the_tables(built_in: Path) -> None:
    report = made(built_in, "en").report
    drawn = {f.drawing.table for f in report.parts[0].figures() if isinstance(f.drawing, Chart)}
    charts = {sheet.title: sheet._charts for sheet in sheets(workbook(report)) if sheet._charts}
    assert len(drawn) == 4
    assert len(charts) == 4 + len(list(curves_of(report.parts[0])))
    for title, (chart,) in charts.items():
        for series in chart.series:
            assert title in (series.val or series.yVal).numRef.f


@pytest.mark.parametrize("language", BOTH)
def test_what_fairness_costs_is_drawn_as_its_table_has_it(built_in: Path, language: str) -> None:
    """Every point of `fairness.csv`, in the picture and in the workbook; nothing in the picture besides."""
    found = made(built_in, language)
    part = found.report.parts[0]
    table = list(csv.DictReader(io.StringIO((built_in / "fairness.csv").read_text(encoding="utf-8-sig"))))
    book = {sheet["A1"].value: sheet for sheet in sheets(workbook(found.report))}
    drawn = list(curves_of(part))
    assert [figure.id for figure in drawn] == [
        f"fairness-{dial}" for dial in ("floor_share", "ratio", "output", "jobs")
    ]
    for figure in drawn:
        lines, dial = figure.drawing, figure.id.removeprefix("fairness-")
        assert isinstance(lines, Lines)
        rows = [[*map(cell_value, row)] for row in book[figure.caption].iter_rows(min_row=4)]
        for k, metric in enumerate(("output", "jobs"), start=1):
            own = [row for row in table if (row["dial"], row["quantity"]) == (dial, metric)]
            full = float(own[0]["value"])
            expected = [(float(row["at"]), float(row["value"]) / full - 1) for row in own]
            assert [(point[0], point[k]) for point in lines.points] == flat(expected)
            assert [(row[0], row[k]) for row in rows] == flat(expected)
        picture = found.draw(figure, part) or ""
        paths = re.findall(r'<path d="M([^"]+)" fill="none" stroke="#\w+" stroke-width="2"', picture)
        assert len(paths) == 2
        for path in paths:  # points that fall on one are drawn once
            assert len(lines.points) - 2 <= len(path.split("L")) <= len(lines.points)


def curves_of(part: Part) -> Iterator[Figure]:
    return (figure for figure in part.figures() if isinstance(figure.drawing, Lines))


def cell_value(cell: Any) -> float:
    return float(cell.value)


def flat(pairs: list[tuple[float, float]]) -> list[Any]:
    return [pytest.approx(pair, abs=1e-9) for pair in pairs]


def test_csv_has_every_number_with_all_its_digits(built_in: Path) -> None:
    found = made(built_in, "en")
    files = csv_files(found)
    for table in found.report.parts[0].tables():
        rows = list(csv.reader(io.StringIO(files[f"report.{table.id}.csv"].decode("utf-8-sig"))))[1:]
        for written, row in zip(rows, table.rows, strict=True):
            for text, cell in zip(written, row, strict=True):
                if isinstance(cell, Number):
                    assert float(text) == pytest.approx(cell.shown, rel=1e-11, abs=1e-15)
                else:
                    assert text == (cell or "")


# --- texts ---------------------------------------------------------------------------------------------------


def rendered(markdown: str) -> tuple[str, str]:
    """The text that a reader of Markdown shows, and the HTML."""
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    words: list[str] = []
    reader = HTMLParser()
    reader.handle_data = words.append  # type: ignore[method-assign]
    reader.feed(html)
    return "".join(words), html


@pytest.mark.parametrize(
    "words",
    [
        HOSTILE,
        LONG,
        "# no heading",
        "- no list",
        "+ none",
        "1. no list",
        "12) none",
        "> no quote",
        "a\nb",
        "~~s~~",
        "$x$",
    ],
)
def test_markdown_shows_text_literally(words: str) -> None:
    text, html = rendered(literal(words))
    assert text.strip() == words.replace("\n", " ")
    assert not re.search(r"<(?!/?p>)", html)
    cell, _ = rendered(f"| a |\n| --- |\n| {literal(words)} |")
    assert words.replace("\n", " ") in cell


@pytest.mark.parametrize("format_", ["html", "md", "csv", "xlsx"])
def test_hostile_names_reach_every_format_literally(hostile: Path, format_: str) -> None:
    (writer,) = writers(asked(format_))
    files = writer.write(made(hostile, "en"))
    if format_ == "html":
        names = [row[0] for row in shown(files["report.html"].decode())[0]]
    elif format_ == "md":
        text, _ = rendered(files["report.md"].decode())
        names = [name for name in (HOSTILE, LONG) if name in text]
    elif format_ == "csv":
        names = [row[0] for row in csv.reader(io.StringIO(files["report.plan.csv"].decode("utf-8-sig")))][1:]
    else:
        names = [sheets(files["report.xlsx"]).worksheets[1].cell(row, 1).value for row in (4, 5)]
    assert names[:2] == [HOSTILE, LONG]


def test_a_page_has_no_script_but_data_and_asks_for_nothing(hostile: Path) -> None:
    html = page(made(hostile))
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/json" id="regionopt-report">']
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in html
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)


def test_a_fragment_has_no_frame(built_in: Path) -> None:
    with material(bundle(read(built_in)), ("en",), fragment=True) as found:
        html = page(found)
    assert html.startswith('<div class="regionopt-fragment">')
    assert not re.search(
        r"<(?:html|head|body|script|meta|title|main)\b(?![^<]*</title>)", html.replace("<title id", "<t")
    )


def test_ids_are_unique_and_point_somewhere(built_in: Path) -> None:
    html = page(made(built_in))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    pointed = {one for found in re.findall(r'aria-labelledby="([^"]+)"', html) for one in found.split()}
    assert pointed | set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


# --- what is said --------------------------------------------------------------------------------------------


def test_the_report_has_all_its_parts(built_in: Path) -> None:
    part = made(built_in, "en").report.parts[0]
    ids = {getattr(block, "id", "") for block in part.blocks}
    assert ids >= {
        "summary", "facts", "map", "plan", "targets-output", "targets-jobs", "reached-jobs", "programmes",
        "binding", "prices", "bands", "benchmarks", "importance", "fairness", "region-east", "map-east", "facts-east",
        "standings", "numbers", "sources", "method", "stages", "certificate", "inputs", "licences",
    }  # fmt: skip


def test_an_infeasible_result_has_the_doctors_findings_and_no_numbers_of_a_plan(infeasible: Path) -> None:
    found = made(infeasible, "en")
    part = found.report.parts[0]
    said = [block.text for block in part.blocks if isinstance(block, Paragraph)]
    bullets = [item for block in part.blocks if isinstance(block, Bullets) for item in block.items]
    diagnosis = json.loads((infeasible / "diagnosis.json").read_bytes())
    assert "Infeasible: no plan keeps all limits." in said
    for entry in [*diagnosis["repairs"], *diagnosis["clashing"]]:
        assert any(item.startswith(entry["sentence"]["en"]) for item in bullets)
    assert not any(isinstance(block, Figure) for block in part.blocks)
    assert "plan" not in {table.id for table in part.tables()}
    assert "<svg" not in page(found)


def test_a_region_says_what_is_next_in_line(built_in: Path) -> None:
    part = made(built_in, "en").report.parts[0]
    said = [item for block in part.blocks if isinstance(block, Bullets) for item in block.items]
    rows = list(csv.DictReader(io.StringIO((built_in / "next.csv").read_text(encoding="utf-8-sig"))))
    east = next(row for row in rows if (row["region"], row["quantity"]) == ("east", "worst_shortfall"))
    assert (east["programme"], east["tranche"]) == ("tech_tourism", "1")
    points = f"{100 * float(east['change']):.3g}"
    assert any(s.startswith("Next in line: Technology tourism, tranche 1.") and f"{points} points" in s for s in said)


def test_what_binds_over_years_names_the_year(tmp_path: Path) -> None:
    dated = CASE + "[periods]\nfirst = 2026\nlast = 2027\ncarry_over = 0.5\nsurvival = 0.9\n"
    part = made(solve(tmp_path, {"case.toml": dated}), "en").report.parts[0]
    names = [str(row[0]) for row in part.table("binding").rows]
    full = [name for name in names if "(full)" in name]
    assert full
    assert all("2026" in name or "2027" in name for name in full)
    assert len(names) == len(set(names))


def test_a_result_without_its_case_says_so(tmp_path: Path) -> None:
    folder = solve(tmp_path / "home")
    alone = tmp_path / "alone"
    folder.rename(alone)
    part = made(alone, "en").report.parts[0]
    assert any(isinstance(b, Paragraph) and "--case" in b.text for b in part.blocks)
    with material(bundle(read(alone), tmp_path / "home" / "case.toml"), ("en",)) as found:
        assert found.report.parts[0].table("numbers").rows


def test_sixty_regions_have_a_page_each(tmp_path: Path) -> None:
    names = [f"r{k}" for k in range(60)]
    rows = {
        "regions.csv": "region,name_zh,name_en\n" + "".join(f"{r},區{r},Region {r}\n" for r in names),
        "coefficients.csv": COEFFICIENTS.split("\n")[0] + "\n" + "".join(f"{r},labs,1,4,2,3\n" for r in names),
        "targets.csv": TARGETS.split("\n")[0] + "\n" + "".join(f"jobs,{r},30,\n" for r in names),
    }
    home = small(tmp_path, rows)
    folder = command("run", home, "--out", tmp_path / "maps", "--quiet")
    assert folder.exit_code == 0
    report = made(tmp_path / "maps" / "small" / "base", "en").report
    assert sum(block.id.startswith("region-") for block in report.parts[0].blocks if hasattr(block, "id")) == 60
    assert len({sheet.title for sheet in sheets(workbook(report))}) == 1 + len(list(report.parts[0].tables()))


# --- the same bytes, checked again ---------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["html", "md", "csv", "xlsx"])
def test_the_same_result_gives_the_same_bytes(built_in: Path, format_: str) -> None:
    (writer,) = writers(asked(format_))
    assert writer.write(made(built_in)) == writer.write(made(built_in))


def test_another_process_writes_the_same_page(built_in: Path) -> None:
    before = page(made(built_in, "en"))
    words = ["-m", "regionopt", "report", str(built_in), "--lang", "en", "--quiet", "--format", "html,xlsx"]
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path), "PATH": ""}
    subprocess.run([sys.executable, *words], check=True, env=environment, cwd=built_in)
    assert (built_in / "report.html").read_text(encoding="utf-8") == before
    assert (built_in / "report.xlsx").read_bytes() == workbook(made(built_in, "en").report)


def test_verify_derives_a_page_again(built_in: Path, tmp_path: Path) -> None:
    file = tmp_path / "any.html"
    file.write_text(page(made(built_in)), encoding="utf-8")
    checks = list(recheck(file))
    assert {check.subject for check in checks if check.ok is None} == {"map.html"}
    assert all(check.ok for check in checks if check.subject != "map.html")
    assert checks[-1].code == "report"
    assert command("verify", file, "--quiet").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('<td class="number">232.0</td>', '<td class="number">292.0</td>', {"report"}),
        ("Greater South", "Lesser South", None),
        ("231.974796", "291.974796", None),
        ("</article>", "<p>more</p></article>", {"report"}),
    ],
)
def test_a_changed_page_is_found_out(
    built_in: Path, tmp_path: Path, old: str, new: str, codes: set[str] | None
) -> None:
    html = page(made(built_in, "en"))
    assert old in html
    file = tmp_path / "report.html"
    file.write_text(html.replace(old, new, 1) if codes else html.replace(old, new), encoding="utf-8")
    failed = {check.code for check in recheck(file) if check.ok is False}
    assert failed == codes if codes else failed
    assert command("verify", file, "--quiet").exit_code == 1


def test_a_page_that_is_no_report_is_refused(tmp_path: Path) -> None:
    for name, content in {"a.html": b"<p>hello", "b.html": b"\xff\xfe", "c.html": b"{}"}.items():
        (tmp_path / name).write_bytes(content)
        assert command("verify", tmp_path / name).exit_code == 2


def test_names_of_embedded_files_lead_nowhere_else(built_in: Path, tmp_path: Path) -> None:
    html = page(made(built_in, "en"))
    file = tmp_path / "report.html"
    file.write_text(html.replace('"result/allocation.csv"', '"result/../../allocation.csv"'), encoding="utf-8")
    assert command("verify", file).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_page_carries_what_it_was_made_of(hostile: Path) -> None:
    found = made(hostile)
    carried = extracted(page(found), "report.html")
    assert carried.files == found.files
    assert carried.languages == BOTH
    with unpacked(carried.files) as folder:
        assert {p.name for p in (folder / "inputs").iterdir()} == set(read(hostile).proof.inputs)


# --- the command ---------------------------------------------------------------------------------------------


def test_a_case_is_solved_and_explained_first(tmp_path: Path) -> None:
    home = small(tmp_path)
    assert (
        command(
            "report", home, "--out", tmp_path / "maps", "--format", "html,md,csv,xlsx", "--lang", "both"
        ).exit_code
        == 0
    )
    folder = tmp_path / "maps" / "small" / "base"
    assert {"report.html", "report.md", "report.xlsx", "report.plan-en.csv", "prices.csv"} <= {
        p.name for p in folder.iterdir()
    }
    assert command("verify", folder, "--quiet").exit_code == 0
    assert command("verify", folder / "report.html", "--quiet").exit_code == 0


def test_a_result_is_named_by_its_folder_or_its_file_and_is_not_changed(tmp_path: Path) -> None:
    folder = solve(tmp_path)
    assert command("report", folder / "result.json", "--format", "md", "--quiet").exit_code == 0
    assert (folder / "report.md").is_file()
    said = command("report", folder, "--set", "budget.total=50", "--lang", "en")
    assert said.exit_code == 2
    assert "budget.total=50" in said.stderr


def test_the_next_run_takes_the_report_away(tmp_path: Path) -> None:
    home = small(tmp_path)
    folder = tmp_path / "maps" / "small" / "base"
    assert command("report", home, "--out", tmp_path / "maps", "--quiet").exit_code == 0
    (folder / "notes.txt").write_text("mine")
    assert command("run", home, "--out", tmp_path / "maps", "--quiet").exit_code == 0
    assert not (folder / "report.html").exists()
    assert (folder / "notes.txt").exists()


def test_a_folder_that_fails_verify_gets_no_report(tmp_path: Path) -> None:
    folder = solve(tmp_path)
    table = folder / "allocation.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("40.000000", "41.000000", 1), encoding="utf-8")
    before = snapshot(folder)
    said = command("report", folder, "--lang", "en")
    assert said.exit_code == 2
    assert "allocation.csv" in said.stderr
    assert snapshot(folder) == before


def test_an_infeasible_case_has_a_report_and_exit_code_1(infeasible: Path) -> None:
    assert command("report", infeasible, "--format", "html,md,csv,xlsx", "--quiet").exit_code == 1
    assert command("verify", infeasible / "report.html", "--quiet").exit_code == 0


@pytest.mark.parametrize("formats", ["html,doc", "", "HTML", ","])
def test_an_unknown_format_is_refused_before_anything_is_solved(tmp_path: Path, formats: str) -> None:
    said = command("report", small(tmp_path), "--out", tmp_path / "maps", "--format", formats, "--lang", "en")
    assert said.exit_code == 2
    assert "xlsx" in said.stderr
    assert not (tmp_path / "maps").exists()


def test_a_missing_package_is_named_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = solve(tmp_path)
    before = snapshot(folder)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "regionopt.report.workbook", raising=False)
    said = command("report", folder, "--format", "html,xlsx", "--lang", "en")
    assert said.exit_code == 3
    assert "regionopt[report]" in said.stderr
    assert snapshot(folder) == before


def test_a_missing_package_is_named_before_a_case_is_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "regionopt.report.workbook", raising=False)
    said = command("report", small(tmp_path), "--out", tmp_path / "maps", "--format", "xlsx", "--lang", "en")
    assert said.exit_code == 3
    assert not (tmp_path / "maps").exists()


def test_a_folder_that_refuses_keeps_what_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = solve(tmp_path)
    assert command("report", folder, "--format", "html,md", "--lang", "en", "--quiet").exit_code == 0
    before, real, writes = snapshot(folder), Path.chmod, []

    def full(path: Path, mode: int) -> None:
        writes.append(path)
        if len(writes) == 2:
            raise OSError(30, "Read-only file system")
        real(path, mode)

    monkeypatch.setattr(Path, "chmod", full)
    said = command("report", folder, "--format", "html,md", "--lang", "zh-TW")
    assert said.exit_code == 4
    assert snapshot(folder) == before


def test_a_page_costs_no_package_that_it_does_not_need(built_in: Path, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    shutil.copytree(built_in, folder)
    heavy = ("pulp", "highspy", "docx", "xlsxwriter", "typst", "matplotlib", "folium", "geopandas", "pandas")
    code = f"""
import sys
from regionopt.cli.main import app
try:
    app(["report", {str(folder)!r}, "--quiet"])
except SystemExit as end:
    assert not end.code, end.code
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
