"""JSON for people and tools: UTF-8, two spaces, keys in the order of the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def to_json(value: Mapping[str, Any]) -> bytes:
    """The text of a document, with a line's end at its end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode(errors="backslashreplace")  # half a character, from a command line, as JSON writes it
