"""What a report is made of and carries along: the written files of a result, and the inputs that it was solved from.

A report is made from its own bundle and from nothing else, so whoever has the bundle makes the same report again.
Drawings of the plan are left out: the report draws its own.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from regionopt.case.sources import data_folder
from regionopt.common.errors import InputError, Problem
from regionopt.verify.files import case_home
from regionopt.verify.read import CERTIFICATE, Folder

RESULT, INPUTS = "result", "inputs"
# Files of a result that a report shows nothing of.
LEFT_OUT = frozenset({"map.html", "model.lp"})

Bundle = Mapping[str, bytes]


def bundle(folder: Folder, case: Path | None = None) -> dict[str, bytes]:
    """The files by their path in the bundle, in a fixed order; inputs that are not found are left out."""
    names = sorted({CERTIFICATE, *folder.content} - LEFT_OUT)
    found = {f"{RESULT}/{name}": folder.content[name] for name in names}
    return found | {f"{INPUTS}/{name}": content for name, content in _inputs(folder, case)}


def _inputs(folder: Folder, case: Path | None) -> Iterator[tuple[str, bytes]]:
    """Every input as it was read, by its path from the case file; the built-in ones as if they lay beside it."""
    home = case_home(folder, case)
    for name, wanted in folder.proof.inputs.items():
        near = [] if home is None else [home / name, *sorted(home.glob(f"*/{name}"))]
        for path in [*near, data_folder() / name]:
            if path.is_file() and hashlib.sha256(content := path.read_bytes()).hexdigest() == wanted:
                yield (path.relative_to(home).as_posix() if home and path in near else name), content
                break


@contextmanager
def unpacked(files: Bundle) -> Iterator[Path]:
    """A temporary folder that holds the files while they are read. Raises InputError for a name that leads out."""
    with tempfile.TemporaryDirectory(prefix="regionopt-") as name:
        folder = Path(name)
        for path, content in files.items():
            parts = PurePosixPath(path).parts
            if len(parts) < 2 or parts[0] not in (RESULT, INPUTS) or ".." in parts:
                raise InputError([Problem("bad_report", path)])
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        yield folder
