"""A report as one HTML file: read without a script, printed on A4, with the files it was made from inside it."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from regionopt.common.texts import text
from regionopt.report.embedded import DATA_ID, data
from regionopt.report.formats import Material
from regionopt.report.model import Block, Figure, Part

PAGE = files("regionopt.report") / "page"
BODY = "body { margin: 0; }\n"


def write(material: Material) -> dict[str, bytes]:
    """`report.html`, or `report.fragment.html` without a page frame."""
    name = "report.fragment.html" if material.fragment else "report.html"
    return {name: page(material).encode()}


def page(material: Material) -> str:
    """The page, the same bytes for the same material."""
    css = (PAGE / "report.css").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=False)
    template = environment.from_string((PAGE / "report.html").read_text(encoding="utf-8"))
    return template.render(
        report=material.report,
        fragment=material.fragment,
        css=Markup(css),
        policy=_policy(BODY + css),
        data_id=DATA_ID,
        data="" if material.fragment else Markup(data(material)),
        draw=partial(_picture, material),
        kind=_kind,
        said=_said,
        colon=_colon,
    )


def _policy(style: str) -> str:
    """Nothing is loaded and nothing runs; the one style sheet is known by its hash."""
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"


def _picture(material: Material, figure: Figure, part: Part) -> Markup | None:
    """The drawing itself, which is ours: names in it were escaped as it was made."""
    drawn = material.draw(figure, part)
    return None if drawn is None else Markup(drawn)


def _kind(block: Block) -> str:
    return type(block).__name__


def _said(part: Part, key: str, number: int = 0) -> str:
    return text(f"report.{key}", part.language, number=number)


def _colon(part: Part) -> str:
    return text("sentence.colon", part.language)
