"""`regionopt verify` passes what was written, and nothing that was changed afterwards.

The small case of `inputs`, with years, with whole numbers, and without any plan.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from inputs import CASE, small
from typer.testing import CliRunner

import regionopt
from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.errors import InputError
from regionopt.common.texts import catalogue
from regionopt.curves.tipping_file import tips
from regionopt.proof.proofs import ProofDocument, sealed
from regionopt.run.run import Order, run
from regionopt.run.starter import make
from regionopt.run.write_explanation import run_explain
from regionopt.verify.verify import verify

YEARS = CASE + "[periods]\nfirst = 2026\nlast = 2027\ncarry_over = 0.5\nsurvival = 0.9\n"
WHOLE = CASE + (
    '[platforms.hub]\nregion = "north"\ncost = 10\nraises = { labs = 0.5 }\n'
    "[measures.course]\ncost = 2\nminimum = 1\n"
)
CLASH = CASE + "[regions.north]\nfloor = 90\n"
CASES = {"plain": CASE, "years": YEARS, "whole": WHOLE, "clash": CLASH}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The folder of a result for each case."""
    made = {}
    for name, text in CASES.items():
        home = tmp_path_factory.mktemp(name)
        made[name] = run(load(small(home, {"case.toml": text})), Order(out=home / "maps"))[1]
    return made


def command(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def failed(folder):
    """Codes of the checks that fail; the code of the problem where the folder is refused."""
    try:
        return {check.code for check in verify(folder) if check.ok is False}
    except InputError as error:
        return {problem.code for problem in error.problems}


@pytest.mark.parametrize("name", CASES)
def test_what_was_written_holds(folders, name):
    checks = list(verify(folders[name]))
    assert [c for c in checks if c.ok is not True] == []
    assert command("verify", folders[name]).exit_code == 0


def uncommented(text, sections):
    """The starter case with some of its commented sections in force."""
    lines, wanted = [], False
    for line in text.splitlines():
        head = line.removeprefix("# [").lstrip("[") if line.startswith("# [") else None
        wanted = line.startswith("# ") and (head.startswith(sections) if head else wanted)
        said = head or re.match(r"# [a-z_0-9]+ = ", line)
        lines.append(line[2:] if wanted and said else line)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "sections",
    [
        ("equity", "rules"),
        (
            "periods",
            "targets.jobs.milestones",
            "groups",
            "rules",
            "targets.output",
            "spillovers",
            "platforms",
            "measures",
        ),
    ],
)
def test_every_part_of_a_case_holds(tmp_path, sections):
    """Years, milestones, groups, rules, growth, shares, spillovers, platforms and measures, all at once."""
    case = make(tmp_path / "case")
    case.write_text(uncommented(case.read_text(encoding="utf-8"), sections), encoding="utf-8")
    result, folder = run(load(case), Order(out=tmp_path / "case" / "maps"))
    assert result.status.has_plan
    assert [check for check in verify(folder) if check.ok is not True] == []
    rows = {row["name"].partition("[")[0] for row in document(folder, "certificate.json")["plan"]["program"]["rows"]}
    assert "rule" in rows
    assert {"balance", "counted", "group_floor", "own", "unlock", "raise"} <= rows or "ratio" in rows


# Any single digit


def digits(content):
    """The place of every digit of a file."""
    return [found.start() for found in re.finditer(rb"[0-9]", content)]


@pytest.mark.parametrize("name", CASES)
def test_every_changed_digit_is_caught(folders, name, tmp_path):
    """Each digit of each file in turn becomes the next one; run.json alone may differ."""
    folder = tmp_path / "result"
    shutil.copytree(folders[name], folder)
    count = 0
    for file in sorted(folder.iterdir()):
        if file.name == "run.json":
            continue
        content = file.read_bytes()
        for at in digits(content):
            changed = bytearray(content)
            changed[at] = ord("0") + (content[at] - ord("0") + 1) % 10
            file.write_bytes(changed)
            count += 1
            assert caught(folder), (file.name, content[max(0, at - 40) : at + 10])
        file.write_bytes(content)
    assert count > 1000
    assert not caught(folder)


def caught(folder):
    """Whether a check fails or the folder is refused; stops at the first."""
    try:
        return any(check.ok is False for check in verify(folder))
    except InputError:
        return True


# A forger who computes every hash anew


def resealed(folder):
    """Compute every hash of a folder anew, and the digest, as a forger would."""
    path = folder / "certificate.json"
    told = json.loads(path.read_bytes())
    told["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in told["files"]}
    told["digest"] = ""
    path.write_bytes(sealed(ProofDocument.model_validate(told)))


def survivors(folder, name):
    """The lines of a file in which a digit can be changed, with every hash anew, and nothing is noticed."""
    content = (folder / name).read_bytes()
    certificate = (folder / "certificate.json").read_bytes()
    found = []
    for at in digits(content):
        changed = bytearray(content)
        changed[at] = ord("0") + (content[at] - ord("0") + 1) % 10
        (folder / name).write_bytes(changed)
        try:
            resealed(folder)
            if not caught(folder):
                start = content.rfind(b"\n", 0, at) + 1
                found.append(content[start : content.find(b"\n", at)].decode().strip())
        except ValueError:  # no such document: refused when it is read
            pass
        (folder / "certificate.json").write_bytes(certificate)
    (folder / name).write_bytes(content)
    return found


@pytest.fixture
def copy(folders, tmp_path):
    """A function that copies a case with its result, and gives the result's folder."""

    def copied(name):
        home = folders[name].parents[2]
        return shutil.copytree(home, tmp_path / name) / folders[name].relative_to(home)

    return copied


@pytest.mark.parametrize("name", ["result.json", "allocation.csv", "coefficients.csv", "targets.csv", "limits.csv"])
def test_arithmetic_catches_every_digit_without_hashes(copy, name):
    """Only how many inputs have which standing follows from nothing else."""
    assert {line.partition(":")[0] for line in survivors(copy("plain"), name)} <= {'"assumption"'}


@pytest.fixture
def explained(tmp_path):
    """The folder of an explained result."""
    home = tmp_path / "explained"
    home.mkdir()
    return run_explain(load(small(home, {"case.toml": CASE})), Order(out=home / "maps"), more=tips)[2]


def test_tables_of_an_explanation_hold_and_every_changed_digit_is_caught(explained):
    assert failed(explained) == set()
    for name in ("bands", "benchmarks", "importance", "fairness", "prices", "binding", "tips"):
        content = (explained / f"{name}.csv").read_bytes()
        for at in digits(content):
            changed = bytearray(content)
            changed[at] = ord("0") + (content[at] - ord("0") + 1) % 10
            (explained / f"{name}.csv").write_bytes(changed)
            assert caught(explained), (name, content[max(0, at - 40) : at + 10])
        (explained / f"{name}.csv").write_bytes(content)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("bands", "plan"), ("bands", "minimum"), ("benchmarks", "spent"), ("benchmarks", "jobs"),
        ("importance", "budget"), ("importance", "lost"), ("fairness", "difference"), ("prices", "now"),
        ("binding", "change"), ("tips", "change"),
    ],
)  # fmt: skip
def test_arithmetic_of_an_explanation_holds_without_hashes(explained, name, column):
    """A number of the table, changed by one in its first digit with every hash anew."""
    path = explained / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row[column] and float(row[column]) and row.get("tolerance") != "0.02")
    row[column] = repr(2 * float(row[column]) + 1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    resealed(explained)
    assert name in failed(explained)


def forge(folder, name, *changes):
    """Replace text in a file, in every place, and compute every hash anew."""
    text = (folder / name).read_text(encoding="utf-8-sig" if name.endswith(".csv") else "utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
    (folder / name).write_bytes(text.encode(encoding))
    if name != "certificate.json":
        resealed(folder)
        return
    (folder / name).write_bytes(sealed(ProofDocument.model_validate(json.loads(text) | {"digest": ""})))


def document(folder, name="result.json"):
    return json.loads((folder / name).read_bytes())


def test_a_sealed_copy_holds(copy):
    folder = copy("plain")
    resealed(folder)
    assert failed(folder) == set()


def test_a_changed_allocation_is_caught(copy):
    """A million from north to south, in the table and in the result, sums kept."""
    folder = copy("plain")
    rows = (folder / "allocation.csv").read_text("utf-8-sig").splitlines()
    north, south = (row.split(",")[3] for row in (rows[1], rows[3]))
    assert float(north) > 1
    moved = {north: f"{float(north) - 1:.6f}", south: f"{float(south) + 1:.6f}"}
    forge(folder, "allocation.csv", *((f",{old},", f",{new},") for old, new in moved.items()))
    assert failed(folder) == {"allocation"}


def test_a_changed_coefficient_is_caught_in_the_table_and_in_the_program(copy):
    """In the table alone the program differs; in both, the prices no longer prove the plan."""
    folder = copy("plain")
    forge(folder, "coefficients.csv", ("north,labs,1,40.0,2.0,3.0", "north,labs,1,40.0,2.0,3.5"))
    assert {"program_rows", "allocation"} <= failed(folder)
    told = document(folder, "certificate.json")
    for row in told["plan"]["program"]["rows"]:
        if row["name"] == "reach[jobs,north]":
            row["terms"]["spend[north,labs,1]"] = 3.5 / 300
    (folder / "certificate.json").write_bytes(sealed(ProofDocument.model_validate(told | {"digest": ""})))
    assert "proof_step" in failed(folder)


@pytest.mark.parametrize("status", ["stopped", "infeasible", "unbounded"])
def test_a_changed_status_is_caught(copy, status):
    folder = copy("plain")
    forge(folder, "result.json", ('"status": "optimal"', f'"status": "{status}"'))
    assert "facts" in failed(folder)
    forge(folder, "certificate.json", ('"status": "optimal"', f'"status": "{status}"'))
    assert "proof_status" in failed(folder)


def test_an_infeasible_result_cannot_be_called_optimal(copy):
    folder = copy("clash")
    for name in ("result.json", "certificate.json"):
        forge(folder, name, ('"status": "infeasible"', '"status": "optimal"'))
    assert "proof_status" in failed(folder)


def test_a_changed_stage_value_is_caught(copy):
    """In the result alone it is not what was proven; in the certificate too the plan does not have it."""
    folder = copy("plain")
    told, proof = document(folder), document(folder, "certificate.json")
    stage, step = told["stages"][0], proof["plan"]["steps"][0]
    forge(folder, "result.json", (f'"value": {stage["value"]}', '"value": 0.1'))
    assert failed(folder) == {"stages"}
    forge(folder, "certificate.json", (f'"value": "{step["value"]}"', '"value": "1/10"'))
    assert {"proof_step"} <= failed(folder)


def test_a_stage_that_optimises_something_else_is_caught(copy):
    folder = copy("plain")
    proof = document(folder, "certificate.json")
    proof["plan"]["steps"][1]["costs"]["shortfall[jobs,north]"] = 2.0
    (folder / "certificate.json").write_bytes(sealed(ProofDocument.model_validate(proof | {"digest": ""})))
    assert "program_costs" in failed(folder)


def test_a_row_that_no_case_has_is_caught(copy):
    folder = copy("plain")
    proof = document(folder, "certificate.json")
    proof["plan"]["program"]["rows"].append({"name": "odd", "terms": {}, "lower": None, "upper": 1.0})
    (folder / "certificate.json").write_bytes(sealed(ProofDocument.model_validate(proof | {"digest": ""})))
    assert "program_rows" in failed(folder)


def test_a_changed_whole_number_is_caught(copy):
    folder = copy("whole")
    counted = document(folder)["measures"][0]["count"]
    forge(folder, "result.json", (f'"count": {counted}', f'"count": {counted + 1}'))
    assert {"whole", "allocation"} <= failed(folder)


RULE = (
    CASE
    + """[[rules]]
id = "cap"
sense = "<="
value = 30
terms = [{ coefficient = 1, regions = ["south"] }]
reason = "room"
source = "test"
"""
)


@pytest.mark.parametrize(
    ("true", "other"),
    [
        (CASE, CASE.replace("total = 100", "total = 101")),
        (RULE, RULE.replace("value = 30", "value = 31")),
        (RULE, CASE),
    ],
)
def test_another_case_under_this_name_is_caught(tmp_path, true, other):
    """Everything is solved and proven rightly, of other numbers than the case file's."""
    home = tmp_path / "case"
    path = small(home, {"case.toml": other})
    folder = run(load(path), Order(out=home / "maps"))[1]
    assert failed(folder) == set()
    before, after = (hashlib.sha256(text.encode()).hexdigest() for text in (other, true))
    path.write_text(true)
    forge(folder, "certificate.json", (before, after))
    forge(folder, "result.json", (before, after))
    assert failed(folder) == {"case"}


def test_a_case_with_set_is_read_again(tmp_path):
    folder = run(load(small(tmp_path), sets=("budget.total=90", "widths.north.labs.2=0.9x")), Order(out=tmp_path))[1]
    assert {check.ok for check in verify(folder)} == {True}


# What is said and what is not


def test_whole_numbers_are_told_as_what_they_are(folders):
    codes = {check.code for check in verify(folders["whole"])}
    assert "proof_whole" in codes
    claims = document(folders["whole"], "certificate.json")["claims"]
    assert any("same whole numbers" in said and "solver's word" in said for said in claims["en"])
    assert any("整數相同" in said and "未予證明" in said for said in claims["zh"])


def test_an_infeasible_folder_proves_that_there_is_no_plan(folders):
    """North takes 80 at most, and its floor is 90: price 1 of the floor, and 10 are missing."""
    clash = document(folders["clash"], "certificate.json")["plan"]["infeasible"]
    assert list(clash["prices"]) == ["floor[north]"]
    assert "proof_none" in {check.code for check in verify(folders["clash"])}


def test_inputs_that_are_not_there_are_said(copy, tmp_path):
    folder = copy("plain")
    (tmp_path / "far").mkdir()
    moved = shutil.move(folder, tmp_path / "far" / "result")
    checks = {check.subject: check.ok for check in verify(Path(moved)) if check.code == "input"}
    assert checks["case.toml"] is None
    home = small(tmp_path / "case")
    found = {check.subject: check.ok for check in verify(Path(moved), home) if check.code == "input"}
    assert set(found.values()) == {True}
    home.write_text(CASE.replace("100", "101"))
    changed = {check.subject: check.ok for check in verify(Path(moved), home.parent) if check.code == "input"}
    assert changed["case.toml"] is False


def test_a_file_of_another_result_is_told(copy):
    folder = copy("plain")
    (folder / "diagnosis.json").write_text("{}")
    assert failed(folder) == {"stray"}
    (folder / "diagnosis.json").unlink()
    (folder / "notes.txt").write_text("mine")
    (folder / "run.json").write_text("{}")
    assert failed(folder) == set()


# Input that is none


def test_bad_input_is_one_message_and_exit_code_2(copy, tmp_path):
    def told(folder, code):
        assert failed(folder) == {code}
        for lang in ("en", "zh-TW"):
            done = command("verify", folder, "--lang", lang)
            assert done.exit_code == 2
            assert len(done.stderr.strip().splitlines()) == 1
            assert "Traceback" not in done.output

    told(tmp_path / "nowhere", "no_result")
    (tmp_path / "empty").mkdir()
    told(tmp_path / "empty", "no_result")
    folder = copy("plain")
    forge(folder, "result.json", ("regionopt.result/1", "regionopt.result/2"))
    told(folder, "other_version")
    (folder / "targets.csv").unlink()
    told(folder, "result_incomplete")
    (folder / "certificate.json").write_text('{"schema": "regionopt.certificate/2"}')
    told(folder, "other_version")
    for broken in ("", "[]", "{", '{"schema": "regionopt.certificate/1"}', "1" * 5000):
        (folder / "certificate.json").write_text(broken)
        assert command("verify", folder).exit_code == 2
    (folder / "certificate.json").unlink()
    told(folder, "result_incomplete")


def test_a_proof_of_other_columns_is_no_proof(copy):
    folder = copy("plain")
    forge(folder, "certificate.json", ('"dual": {', '"dual": {"nothing": "1",'))
    assert failed(folder) == {"bad_result"}


# The command


def test_the_command_says_each_check_in_both_languages(copy):
    folder = copy("plain")
    english, chinese = (command("verify", folder, "--lang", lang) for lang in ("en", "zh-TW"))
    assert english.exit_code == chinese.exit_code == 0
    assert len(english.stdout.splitlines()) == len(chinese.stdout.splitlines()) == len(list(verify(folder)))
    assert all(line.startswith("ok ") for line in english.stdout.splitlines())
    assert all(line.startswith("通過") for line in chinese.stdout.splitlines())
    forge(folder, "allocation.csv", ("north,labs,2,", "north,labs,2,9"))
    done = command("verify", folder, "--lang", "en", "--quiet")
    assert done.exit_code == 1
    assert done.stdout.startswith("FAILED       allocation.csv")
    assert "north,labs,2, budget" in done.stdout


def test_json_is_data(copy):
    folder = copy("clash")
    done = command("verify", folder, "--json")
    assert {entry["ok"] for entry in json.loads(done.stdout)} == {True}
    (folder / "limits.csv").write_bytes(b"region,floor,ceiling\nnorth,91.0,\nsouth,,\n")
    listed = {entry["check"]: entry for entry in json.loads(command("verify", folder, "--json").stdout)}
    assert listed["regions"]["faults"] == [{"place": "north, floor", "written": "90.0", "expected": "91"}]


def test_no_solver_is_needed(folders):
    """Neither pulp nor highspy, nor what draws maps, can be imported here."""
    code = (
        "import sys\n"
        "for name in ('pulp', 'highspy', 'folium', 'geopandas', 'shapely', 'pandas'): sys.modules[name] = None\n"
        "from regionopt.cli.main import main\n"
        f"sys.argv = ['regionopt', 'verify', {str(folders['years'])!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_check_has_its_sentence_and_the_other_way_round():
    package = Path(regionopt.__file__).parent
    modules = [*package.glob("verify/*.py"), package / "report" / "recheck.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    assert {code for code in catalogue()["check"] if f'"{code}"' in source} == set(catalogue()["check"])
    claims = (package / "proof" / "claims.py").read_text(encoding="utf-8")
    said = {key for key in catalogue()["claim"] if f"claim.{key}" in claims}
    assert set(catalogue()["claim"]) - said == {"minimise", "maximise", "whole_minimise", "whole_maximise"}
