"""The files a report was made from, inside its HTML: written as JSON that cannot end its element, and read back."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, get_args

from regionopt.common.errors import InputError, Problem
from regionopt.common.texts import Language
from regionopt.maps.mapdata import embedded
from regionopt.report.bundle import Bundle
from regionopt.report.formats import Material

SCHEMA = "regionopt.report/1"
DATA_ID = "regionopt-report"
_DATA = re.compile(rf'<script type="application/json" id="{DATA_ID}">([^<]*)</script>')


@dataclass(frozen=True)
class Embedded:
    """What an HTML report carries: the version that made it, its languages, the bundle it was made from."""

    version: str
    languages: tuple[Language, ...]
    files: Bundle


def data(material: Material) -> str:
    """The JSON of the data element."""
    return embedded(
        {
            "schema": SCHEMA,
            "version": version("regionopt"),
            "languages": [part.language for part in material.report.parts],
            "files": {name: _packed(content) for name, content in material.files.items()},
        }
    )


def extracted(page: str, place: str) -> Embedded:
    """What is embedded in a page. Raises InputError where it is no report."""
    found = _DATA.search(page)
    try:
        raw: Any = json.loads(found[1]) if found else {}
        if raw["schema"] != SCHEMA:
            raise InputError([Problem("other_version", place, raw["schema"], {"known": SCHEMA})])
        languages = tuple(language for language in raw["languages"] if language in get_args(Language))
        return Embedded(
            str(raw["version"]), languages, {str(name): _unpacked(one) for name, one in raw["files"].items()}
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error):
        raise InputError([Problem("bad_report", place)]) from None


def _packed(content: bytes) -> dict[str, str]:
    """A file as text where it is text; not compressed, since compressors differ from machine to machine."""
    try:
        return {"text": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _unpacked(one: dict[str, str]) -> bytes:
    return one["text"].encode("utf-8") if "text" in one else base64.b64decode(one["base64"], validate=True)
