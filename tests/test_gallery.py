"""The committed gallery is what the program makes today, byte for byte, and it verifies.

`REGIONOPT_UPDATE=1 pytest tests/test_gallery.py` writes what the program makes today into the gallery.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from regionopt.report.embedded import extracted
from regionopt.verify.verify import verify

MAPS = Path(__file__).parent.parent / "maps"
ROWS = re.findall(
    r"\| \[`(taiwan-2040/[a-z~-]+)/`\]\([^)]+\) \| `regionopt (.*?)` \|",
    (MAPS / "README.md").read_text(encoding="utf-8"),
)


RESULTS = [folder for folder, _ in ROWS if not folder.startswith("taiwan-2040/compare~")]


def test_the_gallery_is_listed():
    """Base, two scenarios, what differs between them, a report; nothing else is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "maps/taiwan-2040"], cwd=MAPS.parent, capture_output=True, text=True, check=False
    )
    names = {"base", "announced", "east-floor", "compare~base~announced~east-floor", "report"}
    assert {f"taiwan-2040/{name}" for name in names} == {name for name, _ in ROWS}
    assert {line.split("/")[2] for line in listed.stdout.splitlines()} <= names


@pytest.mark.parametrize(("folder", "command"), ROWS)
def test_the_gallery_is_what_the_program_makes(folder, command, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    subprocess.run([sys.executable, "-m", "regionopt", *shlex.split(command), "-q"], cwd=tmp_path, check=True)
    made, kept = tmp_path / "maps" / folder, MAPS / folder
    if os.environ.get("REGIONOPT_UPDATE"):
        renewed(made, kept)
    names = {file.name for file in made.iterdir()} - {"run.json"}
    assert names == {file.name for file in kept.iterdir()} - {"run.json"}
    for name in sorted(names - {"certificate.json", "report.html"}):
        assert (made / name).read_bytes() == (kept / name).read_bytes(), name
    if "certificate.json" in names:
        assert claimed((made / "certificate.json").read_bytes()) == claimed((kept / "certificate.json").read_bytes())
    if "report.html" in names:
        assert reported(made / "report.html") == reported(kept / "report.html")


def renewed(made, kept):
    """The committed folder as the program makes it today; what is the same but for its prices stays."""
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(made, kept, ignore=shutil.ignore_patterns("run.json"))


@pytest.mark.parametrize("folder", RESULTS)
def test_the_gallery_holds(folder):
    assert [check for check in verify(MAPS / folder) if check.ok is not True] == []


def reported(file):
    """What a report says, and the files in it, the certificate as far as it is claimed."""
    page = file.read_text(encoding="utf-8")
    head, _, rest = page.partition('<script type="application/json"')
    files = dict(extracted(page, file.name).files)
    proof = claimed(files.pop("result/certificate.json"))
    return head, rest.partition("</script>")[2], files, proof


def claimed(certificate):
    """What a certificate says but for the prices and plans, of which another version of a solver may find others."""
    told = json.loads(certificate)
    programs = [evidence["program"] for evidence in (told["plan"], told["smallest_budget"]) if evidence]
    values = [(step["name"], step["value"]) for step in told["plan"]["steps"] if step["kind"] == "stage"]
    return [told[key] for key in ("status", "reading", "inputs", "files")], programs, values
