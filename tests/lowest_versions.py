"""Print the lowest version that pyproject.toml admits of each run-time dependency, as pip constraints."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

EXTRAS = ("excel", "dask", "sensitivity", "parquet", "report")


def lowest(requirement: str) -> str:
    """`pulp>=3.3.2,<4` → `pulp==3.3.2`."""
    name, version = re.fullmatch(r"([A-Za-z0-9_.-]+)>=([0-9.]+).*", requirement).groups()
    return f"{name}=={version}"


if __name__ == "__main__":
    extras = PROJECT["optional-dependencies"]
    requirements = [*PROJECT["dependencies"], *(line for name in EXTRAS for line in extras[name])]
    print("\n".join(map(lowest, requirements)))  # noqa: T201
