"""Case folders written by hand: a small sound case, and the same with some of its files replaced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from regionopt.case.case import Case, load

# Without counties and statistics: four numbers decide everything, and nothing is drawn.
CASE = """[case]
id = "small"
title = { zh = "小案例", en = "Small case" }
[budget]
total = 100
[objective]
stages = ["worst_shortfall", "total_shortfall", "nearest_reference"]
reference = "equal"
"""
REGIONS = "region,name_zh,name_en\nnorth,北,North\nsouth,南,South\n"
COEFFICIENTS = """region,programme,tranche,width,output_per_unit,jobs_per_unit
north,labs,1,40,2,3
north,labs,2,40,1,2
south,farms,1,80,1,4
"""
TARGETS = "metric,region,target,must\noutput,north,200,\njobs,north,300,\njobs,south,400,false\n"
SMALL = {"case.toml": CASE, "regions.csv": REGIONS, "coefficients.csv": COEFFICIENTS, "targets.csv": TARGETS}

Content = str | bytes | None


def write(folder: Path, files: Mapping[str, Content]) -> Path:
    """Write text (UTF-8) or bytes into a folder; None leaves a file out. Returns the case file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "case.toml"


def small(folder: Path, changes: Mapping[str, Content] | None = None) -> Path:
    """The small case with some files replaced, added or (None) left out."""
    return write(folder, {**SMALL, **(changes or {})})


def loaded(folder: Path, changes: Mapping[str, Content] | None = None, *sets: str) -> Case:
    """The small case with some files replaced, read."""
    return load(small(folder, changes), sets=sets)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def written(folder: Path) -> dict[str, object]:
    """The result document of a result's folder."""
    content: dict[str, object] = json.loads((folder / "result.json").read_bytes())
    return content
