"""The README's commands are run, and the output it shows is the output they give.

`REGIONOPT_UPDATE=1 pytest tests/test_readme.py` writes the present output into the README.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
TOUR = re.compile(r"<!-- (tour|fails: (\d)) -->\n```console\n(.*?)```", re.S)
SHOWN = re.compile(r"(<!-- output of: regionopt (.*?) -->\n```text\n)(.*?)(```)", re.S)


def blocks():
    """The command lines of each block of the tour with the exit code that each should have."""
    for _, code, block in TOUR.findall(TEXT):
        yield [line.removeprefix("$ regionopt ") for line in block.strip().splitlines()], int(code or 0)


def run(arguments, folder):
    """A command as the reader would run it, in English, in an empty folder."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES")} | {"LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "regionopt", *split(arguments)],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment,
    )  # fmt: skip


def split(arguments):
    import shlex

    return shlex.split(arguments)


def trimmed(text):
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.mark.parametrize(("lines", "code"), list(blocks()))
def test_the_tour_runs(lines, code, tmp_path):
    for arguments in lines:
        done = run(arguments, tmp_path)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [found[1] for found in SHOWN.findall(TEXT)])
def test_the_output_shown_is_the_output(arguments, tmp_path):
    done = run(arguments, tmp_path)
    now = trimmed(done.stdout + done.stderr)
    if os.environ.get("REGIONOPT_UPDATE"):
        head = f"<!-- output of: regionopt {arguments} -->\n```text\n"
        written = README.read_text(encoding="utf-8")
        start = written.index(head) + len(head)
        README.write_text(written[:start] + now + written[written.index("```", start) :], encoding="utf-8")
    shown = {a: text for _, a, text, _ in SHOWN.findall(README.read_text(encoding="utf-8"))}
    assert shown[arguments] == now


def test_every_command_of_the_tour_is_checked():
    assert TEXT.count("$ regionopt") == sum(len(lines) for lines, _ in blocks()) >= 9


@pytest.mark.parametrize("code", re.findall(r"<!-- python -->\n```python\n(.*?)```", TEXT, re.S))
def test_the_python_runs(code, tmp_path):
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "jobs.html").stat().st_size < 300_000


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (README.parent / target).exists(), target


def test_every_written_column_is_documented():
    """maps/README.md names every column of every table that a run writes."""
    documented = set(re.findall(r"`([a-z_]+)`", (README.parent / "maps/README.md").read_text(encoding="utf-8")))
    for table in (README.parent / "maps/taiwan-2040/base").glob("*.csv"):
        columns = table.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert set(columns) <= documented, table.name
