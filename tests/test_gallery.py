"""The committed gallery is what the program makes today, byte for byte, and it verifies."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from regionopt.verify.verify import verify

MAPS = Path(__file__).parent.parent / "maps"
ROWS = re.findall(
    r"\| \[`(taiwan-2040/[a-z-]+)/`\]\([^)]+\) \| `regionopt (.*?)` \|",
    (MAPS / "README.md").read_text(encoding="utf-8"),
)


def test_the_gallery_is_listed():
    committed = {f"taiwan-2040/{folder.name}" for folder in (MAPS / "taiwan-2040").iterdir()} - {"taiwan-2040/.keep"}
    assert {"taiwan-2040/base", "taiwan-2040/announced", "taiwan-2040/east-floor"} == {name for name, _ in ROWS}
    assert {name for name, _ in ROWS} <= committed


@pytest.mark.parametrize(("folder", "command"), ROWS)
def test_the_gallery_is_what_the_program_makes(folder, command, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    subprocess.run([sys.executable, "-m", "regionopt", *shlex.split(command), "-q"], cwd=tmp_path, check=True)
    made = tmp_path / "maps" / folder
    names = {file.name for file in made.iterdir()} - {"run.json"}
    assert names == {file.name for file in (MAPS / folder).iterdir()} - {"run.json"}
    for name in sorted(names - {"certificate.json"}):
        assert (made / name).read_bytes() == (MAPS / folder / name).read_bytes(), name
    assert claimed(made) == claimed(MAPS / folder)


@pytest.mark.parametrize("folder", [folder for folder, _ in ROWS])
def test_the_gallery_holds(folder):
    assert [check for check in verify(MAPS / folder) if check.ok is not True] == []


def claimed(folder):
    """What a certificate says but for the prices and plans, of which another version of a solver may find others."""
    told = json.loads((folder / "certificate.json").read_bytes())
    programs = [evidence["program"] for evidence in (told["plan"], told["smallest_budget"]) if evidence]
    values = [(step["name"], step["value"]) for step in told["plan"]["steps"] if step["kind"] == "stage"]
    return [told[key] for key in ("status", "reading", "inputs", "files")], programs, values
