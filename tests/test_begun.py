"""Folders of sweeps: what was finished there stays until something new is, and one sweep works there at a time."""

from __future__ import annotations

import shutil
from collections import namedtuple
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
from inputs import snapshot
from typer.testing import CliRunner

from regionopt.case.case import load
from regionopt.cli.main import app
from regionopt.common.errors import InputError, LimitError, Problem, ToolError
from regionopt.sweep import parts
from regionopt.sweep.begun import alone
from regionopt.sweep.dask_engine import dask
from regionopt.sweep.grid import grid
from regionopt.sweep.sweep import check, job_of, sweep
from regionopt.sweep.work import Job
from regionopt.sweep.workers import local

here = partial(local, workers=1)
Usage = namedtuple("Usage", "total used free")


def many(step: str = "1") -> Job:
    """More than one batch."""
    return job_of(load(), grid([f"budget.total=1:1500:{step}"]))


def stopped(job, numbers):
    """Ctrl-C after the first batch."""
    yield from islice(here(job, numbers), 1)
    raise KeyboardInterrupt


def codes(error: pytest.ExceptionInfo) -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_a_scheduler_that_does_not_answer_costs_no_finished_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("regionopt.sweep.dask_engine.PATIENCE", "1s")
    job = job_of(load(), grid(["budget.total=300,400"]))
    sweep(job, tmp_path, here)
    before = snapshot(tmp_path)
    for one in (job, job_of(load(), grid(["budget.total=500,600"]))):
        with pytest.raises(ToolError):
            sweep(one, tmp_path, partial(dask, address="tcp://127.0.0.1:1"))
        assert snapshot(tmp_path) == before


def test_a_new_sweep_takes_the_place_of_a_finished_one(tmp_path: Path):
    sweep(job_of(load(), grid(["budget.total=300,400"])), tmp_path, here)
    sweep(job_of(load(), grid(["budget.total=500"])), tmp_path, here)
    assert "500" in (tmp_path / "runs.csv").read_text()
    assert "300" not in (tmp_path / "runs.csv").read_text()


def test_finished_batches_are_not_lost_without_a_word(tmp_path: Path):
    """The same command without --resume is refused, and another sweep in this folder too."""
    with pytest.raises(KeyboardInterrupt):
        sweep(many(), tmp_path, stopped)
    before = snapshot(tmp_path)
    for job in (many(), many("2")):
        with pytest.raises(InputError) as error:
            sweep(job, tmp_path, here)
        assert codes(error) == {"sweep_unfinished"}
        assert snapshot(tmp_path) == before
    sweep(many(), tmp_path, here, resume=True)
    assert (tmp_path / "runs.csv").exists()


def test_two_sweeps_do_not_work_in_one_folder(tmp_path: Path):
    job = job_of(load(), grid(["budget.total=300,400"]))
    with alone(tmp_path), pytest.raises(InputError) as error:
        sweep(job, tmp_path, here)
    assert codes(error) == {"folder_busy"}
    sweep(job, tmp_path, here)
    assert not (tmp_path / ".lock").exists()


def test_a_resume_needs_room_for_what_is_missing_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Parts and tables: 2 · 1500 runs, of which 1000 are there; of a finished sweep nothing is missing."""
    job = many()
    with pytest.raises(KeyboardInterrupt):
        sweep(job, tmp_path, stopped)
    usage = partial(Usage, 0, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2000 * job.bytes_a_run))
    check(job, tmp_path, yes=False, resume=True)
    with pytest.raises(LimitError):
        check(job, tmp_path, yes=False)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2000 * job.bytes_a_run - 1))
    with pytest.raises(LimitError):
        check(job, tmp_path, yes=False, resume=True)
    sweep(job, tmp_path, here, resume=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0))
    check(job, tmp_path, yes=False, resume=True)


def test_a_full_disk_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """After the first batch nothing more can be written."""
    keep, kept = parts.keep, []

    def full(folder, number, part):
        if kept:
            raise LimitError([Problem("disk_full", str(folder))])
        kept.append(number)
        keep(folder, number, part)

    monkeypatch.setattr("regionopt.sweep.sweep.keep", full)
    command = ["sweep", "--vary", "budget.total=1:1500:1", "--workers", "1", "--out", str(tmp_path), "--lang", "en"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 4
    assert "--resume goes on" in done.stderr
    monkeypatch.undo()
    assert CliRunner().invoke(app, [*command, "--resume"]).exit_code == 0
