"""Reads a result's folder for `verify`: documents and tables as they stand, or one clear message."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from regionopt.case.tables import read_bytes
from regionopt.common.document import Frozen, ResultDocument
from regionopt.common.errors import InputError, Problem
from regionopt.proof.proofs import SCHEMA, ProofDocument

CERTIFICATE, RESULT = "certificate.json", "result.json"
SCHEMAS = {CERTIFICATE: SCHEMA, RESULT: "regionopt.result/1"}
Document = TypeVar("Document", bound=Frozen)
Table = list[dict[str, str]]


@dataclass(frozen=True)
class Folder:
    """A result's folder: every file that its certificate names, and the certificate, as bytes by name."""

    path: Path
    content: Mapping[str, bytes]
    proof: ProofDocument

    @cached_property
    def result(self) -> ResultDocument:
        """`result.json`."""
        return parsed(ResultDocument, self.content[RESULT], str(self.path / RESULT), RESULT)

    def table(self, name: str) -> Table:
        """The rows of a table; every cell is text. Raises InputError when it is no table."""
        return table_rows(self.content[name], str(self.path / name))

    @cached_property
    def coefficients(self) -> Table:
        """`coefficients.csv`."""
        return self.table("coefficients.csv")

    @cached_property
    def targets(self) -> Table:
        """`targets.csv`."""
        return self.table("targets.csv")


def read(path: Path, may_lack: frozenset[str] = frozenset()) -> Folder:
    """The folder of a result. Raises InputError when it is none, of another version, or not complete.

    `may_lack` names files that need not be there: a report carries no maps.
    """
    if not path.is_dir():
        raise InputError([Problem("no_result", str(path))])
    missing = [name for name in (RESULT, CERTIFICATE) if not (path / name).is_file()]
    if len(missing) == 2:
        raise InputError([Problem("no_result", str(path))])
    if missing:
        raise InputError([Problem("result_incomplete", str(path), None, {"names": ", ".join(missing)})])
    content = {name: read_bytes(path / name) for name in (RESULT, CERTIFICATE)}
    proof = parsed(ProofDocument, content[CERTIFICATE], str(path / CERTIFICATE), CERTIFICATE)
    there = {name: Path(name).name == name and (path / name).is_file() for name in proof.files}
    gone = [name for name, found in there.items() if not found and name not in may_lack]
    if gone:
        raise InputError([Problem("result_incomplete", str(path), None, {"names": ", ".join(gone)})])
    content |= {name: read_bytes(path / name) for name, found in there.items() if found}
    return Folder(path, content, proof)


def parsed(model: type[Document], content: bytes, place: str, name: str) -> Document:
    """A document of the schema that this version reads."""
    try:
        raw: Any = json.loads(content)
        found = raw.get("schema") if isinstance(raw, dict) else None
        if found != SCHEMAS[name]:
            raise InputError([Problem("other_version", place, found, {"known": SCHEMAS[name]})])
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        told = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise InputError([Problem("bad_result", place, told)]) from None
    except (ValueError, RecursionError) as error:
        raise InputError([Problem("bad_result", place, error)]) from None


def table_rows(content: bytes, place: str) -> Table:
    """The rows of a table that a run wrote. Raises InputError when it is no table."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Problem("broken_table", place, error)]) from None
    if any(None in row or None in row.values() for row in rows):
        raise InputError([Problem("broken_table", place)])
    return rows


def number(cell: str, place: str) -> Fraction | None:
    """A number of a table; None for an empty cell. Raises InputError for anything else."""
    try:
        return Fraction(cell) if cell else None
    except (ValueError, ZeroDivisionError):
        raise InputError([Problem("not_a_number", place, cell, {"unit": ""})]) from None


def amount(cell: str, place: str) -> float:
    """A number that must be there, as the solver was given it."""
    try:
        return float(cell)
    except ValueError:
        raise InputError([Problem("not_a_number", place, cell, {"unit": ""})]) from None
