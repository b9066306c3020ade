"""Writes a folder as a whole: a crash, a full disk or a refused folder leaves the old one as it was.

Everything is written to a temporary folder beside the target, then the two change places. Files in the old folder
that are not of this program are carried over.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from regionopt.common.errors import InputError, LimitError, Problem

# The folder of a result's alternatives, inside the result's own.
ALTERNATIVES = "alternatives"
# What other commands write into a result's folder later: no part of the result, and outdated by the next run.
BESIDE = frozenset({"frontier.json", "frontier.csv", "trade.json", "trade.csv", "tipping.csv", ALTERNATIVES})
OWN = BESIDE | frozenset(
    {
        "map.html", "map.json", "result.json", "run.json", "diagnosis.json", "model.lp", "certificate.json",
        "allocation.csv", "coefficients.csv", "targets.csv", "limits.csv", "changes.csv",
        "compare.json", "compare.csv", "difference.html", "side-by-side.html",
        "alternatives.csv", "bands.csv", "benchmarks.csv", "importance.csv",
        "prices.csv", "binding.csv", "fairness.csv", "next.csv", "tips.csv",
    }
)  # fmt: skip
# Names that are made up: folders of alternatives, and the files of a report.
_MADE = re.compile(r"alternative-\d+|report\.[\w.-]+")
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_OLD = ".before"
# Bytes of a folder's name: file systems take 255, and the temporary name is longer than the name.
LONGEST = 200


def folder_name(name: str) -> str:
    """A name that every file system takes: refused characters replaced, a long one cut.

    What is cut off leaves eight characters of its sha256, so that two long names stay two.
    """
    plain = _REFUSED.sub("_", name).rstrip(". ")
    if not plain or plain.startswith("."):
        raise InputError([Problem("unexpected_name", "--name", name)])
    whole = plain.encode(errors="surrogateescape")
    if len(whole) <= LONGEST:
        return plain
    return f"{whole[: LONGEST - 9].decode('utf-8', 'ignore')}~{hashlib.sha256(whole).hexdigest()[:8]}"


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace `folder` by these files, whose names may hold a folder. Raises LimitError, with the old as it was."""
    with told_of(folder), _parents(folder.resolve()):
        folder = folder.resolve()  # a link stays a link, to the new content
        _recover(folder)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", dir=folder.parent))
        try:
            for name, content in files.items():
                (fresh / name).parent.mkdir(exist_ok=True)
                (fresh / name).write_bytes(content)
            if folder.exists():
                _carry_over(folder, fresh)
            fresh.chmod(0o777 & ~_umask())
            _swap(fresh, folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def write_file(path: Path, content: bytes) -> None:
    """Replace one file, or leave the old one."""
    write_files(path.parent, {path.name: content})


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace some files of a folder: all are there before the first takes its name, so that none is half-written."""
    fresh: dict[Path, Path] = {}
    with told_of(folder / next(iter(files), "")), _parents((folder / "any").resolve()):
        try:
            for name, content in files.items():
                path = (folder / name).resolve()  # a link stays a link, to the new content
                fresh[path] = _fresh(path, content)
            for path, written in fresh.items():
                written.replace(path)
        except BaseException:
            for written in fresh.values():
                written.unlink(missing_ok=True)
            raise


def _fresh(path: Path, content: bytes) -> Path:
    """A new file beside a path with its content to be."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o666 & ~_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _swap(fresh: Path, folder: Path) -> None:
    """The old folder steps aside, the fresh one takes its name; if that fails the old one steps back."""
    aside = folder.with_name(f".{folder.name}{_OLD}")
    if folder.exists():
        folder.replace(aside)
    try:
        fresh.replace(folder)
    except OSError:
        if aside.exists():
            aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _recover(folder: Path) -> None:
    """A crash between the two renames left the old folder aside: put it back before anything else."""
    aside = folder.with_name(f".{folder.name}{_OLD}")
    if aside.exists() and not folder.exists():
        aside.replace(folder)
    elif aside.exists():
        shutil.rmtree(aside)


def _carry_over(old: Path, fresh: Path) -> None:
    for item in old.iterdir():
        if item.name in OWN or _MADE.fullmatch(item.name):
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, fresh / item.name, symlinks=True)
        else:
            shutil.copy2(item, fresh / item.name, follow_symlinks=False)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _parents(path: Path) -> Iterator[None]:
    """Make the folders above a path; take back those that were made if nothing could be written into them."""
    missing = [folder for folder in path.parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        with suppress(OSError):
            for folder in missing:
                folder.rmdir()
        raise


@contextmanager
def told_of(place: Path) -> Iterator[None]:
    """Say what the operating system refused at `place` in the product's own words, as LimitError."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "cannot_write"
        raise LimitError([Problem(code, str(place), error.strerror)]) from error
