"""Calls of scripts with text in them, which pass through folium and come out as they went in.

branca renders its output twice as a template, so that text with braces would run as code while a map is built. Text
therefore travels as JSON in a string of JavaScript in which nothing of a template or of markup is left.
"""

from __future__ import annotations

import json
import re
from typing import Any

from branca.element import Element, MacroElement
from jinja2 import Template


class Raw(Element):
    """Text that is written as it is and never read as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: Any) -> str:
        """The text."""
        return self.text


class Call(MacroElement):
    """`function(target, told)` in the script of a map; `target` is another of its elements."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.line() }}{% endmacro %}")

    def __init__(self, function: str, target: MacroElement, told: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Call"
        self.function, self.target, self.told = function, target, told

    def line(self) -> str:
        """The line of JavaScript."""
        return f"{self.function}({self.target.get_name()}, {inert(self.told)});"


def inert(value: Any) -> str:
    """A value as an expression of JavaScript without any character that a template or HTML would act on."""
    return f"JSON.parse({re.sub('[{}<>&%#]', _escaped, json.dumps(json.dumps(value, allow_nan=False)))})"


def literal(text: str) -> str:
    """A text that folium writes itself, such as the name of a layer, kept from being read as a template."""
    return re.sub(r"\{[{%#]", lambda found: f"{{% raw %}}{found[0]}{{% endraw %}}", text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
