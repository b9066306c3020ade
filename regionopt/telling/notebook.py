"""What a notebook shows of a result and of a case: sentences and tables in HTML without scripts, all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from jinja2 import Environment, StrictUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from regionopt.case.case import Case
from regionopt.case.listing import numbers_table, sources_table
from regionopt.common.document import ResultDocument
from regionopt.common.texts import Language, in_language, text
from regionopt.telling.terminal import plan_tables
from regionopt.telling.wording import findings

WIDE = 1000
"""Characters of a line: a notebook wraps nothing, so that all columns stand in one table."""
SHOWN = ("budget.", "targets.")
PAGE = """\
<section>
<p><strong>{{ title }}</strong></p>
{% for sentence in sentences %}<p>{{ sentence }}</p>
{% endfor %}{% for table in tables %}<table>
{% if table.notes %}<caption style="caption-side: bottom; text-align: left">\
{% for note in table.notes %}{{ note }}<br>{% endfor %}</caption>
{% endif %}<thead><tr>{% for head in table.heads %}\
<th scope="col" style="text-align: {{ table.sides[loop.index0] }}">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}<tr>{% for cell in row %}{% if loop.first %}<th scope="row" style="text-align: left">\
{{ cell }}</th>{% else %}\
<td style="text-align: {{ table.sides[loop.index0] }}">{{ cell }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody>
</table>
{% endfor %}</section>
"""


def result_html(document: ResultDocument, language: Language) -> str:
    """The plan in its first sentences and its table; without a plan, its status."""
    title = f"{in_language(document.title, language)} · {document.scenario}"
    if not document.status.has_plan:
        status = text(f"compare.{document.status.value}", language)
        return _page(title, [f"{text('compare.status', language)}{text('sentence.colon', language)}{status}"], [])
    tables = plan_tables(document, language, Console(width=WIDE))
    return _page(title, list(findings(document, language)), tables)


def case_html(case: Case, language: Language) -> str:
    """The numbers of budget and targets with unit, standing and source; `regionopt show` lists all of a case."""
    names = case.document.case.title
    numbers = {path: number for path, number in case.resolved.numbers.items() if path.startswith(SHOWN)}
    title = f"{in_language(names, language)} · {case.name}"
    return _page(title, [], [numbers_table(numbers, language), sources_table(numbers, language)])


def _page(title: str, sentences: Sequence[str], tables: Iterable[Table]) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(title=title, sentences=sentences, tables=map(_parts, tables))


def _parts(table: Table) -> dict[str, Sequence[Any]]:
    """A table of the terminal as a template takes it."""
    return {
        "heads": _plain([column.header for column in table.columns]),
        "sides": [column.justify for column in table.columns],
        "rows": _rows(table),
        "notes": _notes(table),
    }


def _rows(table: Table) -> list[list[str]]:
    return [_plain(row) for row in zip_longest(*(column.cells for column in table.columns), fillvalue="")]


def _notes(table: Table) -> list[str]:
    return _plain([table.caption or ""])[0].splitlines()


def _plain(cells: Iterable[object]) -> list[str]:
    """What is said in a terminal, without its marks of colour and weight."""
    return [Text.from_markup(str(cell)).plain for cell in cells]
