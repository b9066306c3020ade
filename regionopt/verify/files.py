"""Hashes: the files of the folder as they were written, and the inputs as they were read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from regionopt.case.sources import data_folder
from regionopt.proof.proofs import seal_holds
from regionopt.result.files import BESIDE, OWN
from regionopt.verify.check import Check, check, same
from regionopt.verify.read import CERTIFICATE, Folder

# Files that no hash can cover: this one by its own digest, that one may differ between two runs.
UNHASHED = frozenset({CERTIFICATE, "run.json"})


def file_checks(folder: Folder) -> Iterator[Check]:
    """The certificate by its digest, every file by its hash, and no file of a result that the certificate lacks.

    The folder of alternatives is written later; it is no part of what was proven."""
    proof = folder.proof
    whole = seal_holds(folder.content[CERTIFICATE], proof.digest)
    yield check("digest", CERTIFICATE, [same("digest", proof.digest, proof.digest if whole else "–")])
    for name, wanted in proof.files.items():
        if name in folder.content:
            yield check("file", name, [same("sha256", _sha256(folder.content[name]), wanted)])
        else:
            yield Check("file", name, None)
    for path in sorted(folder.path.iterdir()):
        if path.name in OWN - UNHASHED - BESIDE and path.name not in proof.files:
            yield check("stray", path.name, [same(path.name, path.name, "–")])


def input_checks(folder: Folder, case: Path | None) -> Iterator[Check]:
    """Every input where it can be found: by `case`, near the folder, or among the built-in data."""
    inputs = folder.proof.inputs
    home = case_home(folder, case)
    for name, wanted in inputs.items():
        found = [] if home is None else [home / name, *home.glob(f"*/{name}")]
        there = [path for path in found if path.is_file()]
        hashes = [_sha256(path.read_bytes()) for path in there]
        built_in = data_folder() / name
        if wanted in hashes or (built_in.is_file() and _sha256(built_in.read_bytes()) == wanted):
            yield Check("input", name, True)
        elif hashes:
            yield check("input", name, [same("sha256", hashes[0], wanted)])
        else:
            yield Check("input", name, None)


def case_file(folder: Folder, case: Path | None) -> Path | None:
    """The case file of a result, where it is found."""
    home, name = case_home(folder, case), next(iter(folder.proof.inputs), "")
    return home / name if home is not None and name and (home / name).is_file() else None


def case_home(folder: Folder, case: Path | None) -> Path | None:
    """The folder of the case file: the one given, the nearest that has it, or the built-in one."""
    if case is not None:
        return case if case.is_dir() else case.parent
    name = next(iter(folder.proof.inputs), "")
    near = folder.path.resolve()
    places = [near, *list(near.parents)[:3], data_folder()]
    return next((place for place in places if name and (place / name).is_file()), None)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
