"""JSON for people and tools: UTF-8, two spaces, keys in the order of the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_json(value: Mapping[str, Any]) -> bytes:
    """The text of a document, with a line's end at its end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode(errors="backslashreplace")  # half a character, from a command line, as JSON writes it


def compact_json(value: Mapping[str, Any]) -> bytes:
    """The same on one line, for documents of thousands of numbers."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode(errors="backslashreplace")
