"""A written table as Parquet, batch by batch; only where pyarrow is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pyarrow import csv, float64, parquet, string

BLOCK = 1 << 19


def as_parquet(table: Path, target: Path, texts: Sequence[str]) -> None:
    """The same rows and columns: `texts` stay texts, all others are numbers, empty where there is none."""
    with table.open(encoding="utf-8-sig") as stream:
        names = next(csv_row(stream.readline()))
    kinds = {name: string() if name in texts else float64() for name in names}
    # Only what is empty is nothing: a run may be called NA, a region null.
    options = csv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=True)
    fresh = target.with_name(f".{target.name}")
    # One block at a time: read ahead on all cores, a long table would take more memory than its batches.
    reading = csv.ReadOptions(use_threads=False, block_size=BLOCK)
    with (
        csv.open_csv(table, reading, convert_options=options) as rows,
        parquet.ParquetWriter(fresh, rows.schema) as writer,
    ):
        for batch in rows:
            writer.write_batch(batch)
    fresh.replace(target)


def csv_row(line: str) -> Iterator[list[str]]:
    """The cells of a line."""
    import csv as plain

    return plain.reader([line])
