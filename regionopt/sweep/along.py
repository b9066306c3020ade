"""Where runs stand along an input: by one measure, so that all points of an axis can be compared.

    one number of the case     its value after the changes of the run, in their order
    several (`returns.jobs.*`) what they are set to, their factor, or their change: whichever the runs use
    anything else              the text that the run sets

A run that leaves the input alone stands where the case does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial, reduce
from typing import Literal

from regionopt.case.case import Case
from regionopt.case.overrides import matches
from regionopt.case.patches import Patch, plain_number, written_as
from regionopt.case.settings import settings
from regionopt.case.stated import value_of
from regionopt.common.errors import InputError
from regionopt.sweep.runs import Order

Measure = Literal["value", "factor", "change", "text"]
SEVERAL: Mapping[str, Measure] = {"set": "value", "scale": "factor", "add": "change"}
# A factor that no case is left alone by.
OTHER = 1.37


@dataclass(frozen=True)
class Along:
    """An input as an axis: `at` says where the changes of a run put it; nan where it has no value."""

    path: str
    measure: Measure
    at: Callable[[Sequence[Patch]], float | str]


def mixed(order: Order, path: str) -> bool:
    """Whether runs change several numbers at once in more than one way.

    A factor, a change and a value of many numbers have no common measure, and as texts side by side they would have
    an order that means nothing: such a chart is refused.
    """
    return _several(path) and len(_ways(order, path)) > 1


def along(case: Case, order: Order, path: str) -> Along:
    """The axis of an input that runs change, and not in a way that is `mixed`."""
    numbers = case.resolved.numbers
    told = [item for item in order.examples() if item.path == path]
    if path not in numbers and not any(map(_number, told)):
        return Along(path, "text", partial(_text, path, _own_text(case, path)))
    if _several(path):
        (how,) = _ways(order, path)
        own = {numbers[name].value for name in matches(path, numbers)}
        at = partial(_together, path, how, own.pop() if len(own) == 1 else math.nan)
        return Along(path, SEVERAL[how], at)
    return Along(path, "value", _of_number(case, order, path))


def value_text(item: Patch) -> str:
    """The value of a change as it is written."""
    return written_as(item).partition("=")[2]


def _several(path: str) -> bool:
    return bool(set(path) & set("*?["))


def _ways(order: Order, path: str) -> set[str]:
    """How runs change a path: `slots` knows every value of a long list, `examples` every kind."""
    told = [*order.slots, *((item.path, item.how) for item in order.examples())]
    return {how for changed, how in told if changed == path}


def _number(item: Patch) -> bool:
    return item.how != "set" or plain_number(item.value) is not None


def _own_text(case: Case, path: str) -> str:
    """What the case itself says; nothing where it leaves that to the program."""
    own = settings(case.resolved).get(path, "")
    return value_text(Patch(path, "set", own, ""))


def _text(path: str, own: str, changes: Iterable[Patch]) -> str:
    return [own, *(value_text(item) for item in changes if item.path == path)][-1]


def _together(path: str, how: str, own: float, changes: Iterable[Patch]) -> float:
    """What several numbers are set to, multiplied by, or raised by."""
    values = [float(item.value) if _number(item) else math.nan for item in changes if item.path == path]
    if how == "set":
        return [own, *values][-1]
    return math.prod(values) if how == "scale" else sum(values)


def _of_number(case: Case, order: Order, path: str) -> Callable[[Sequence[Patch]], float]:
    """How the value of one number follows from changes: from its own value, unless it is computed from numbers that
    are changed as well; then the case is read again."""
    resolved = case.resolved
    computed = path in resolved.computed
    moves = _moves_computed if computed else _matched
    movers = frozenset(item.path for item in order.examples() if moves(case, path, item))
    own = resolved.numbers[path].value if path in resolved.numbers else math.nan
    return partial(_value, case, path, movers, own, not computed or movers <= {path})


def _value(
    case: Case, path: str, movers: frozenset[str], own: float, follows: bool, changes: Iterable[Patch]
) -> float:
    own_changes = [item for item in changes if item.path in movers]
    if follows and all(map(_number, own_changes)):
        return reduce(lambda value, item: item.applied(value), own_changes, own)
    return _read(case, path, own_changes)


def _matched(_: Case, path: str, item: Patch) -> bool:
    return fnmatchcase(path, item.path)


def _moves_computed(case: Case, path: str, item: Patch) -> bool:
    """Whether a change of this kind moves a computed number: tried with a value that leaves nothing as it is."""
    other = replace(item, value=float(item.value) * OTHER + OTHER) if _number(item) else item
    return item.path == path or _read(case, path, [other]) != _read(case, path, [])


def _read(case: Case, path: str, changes: Iterable[Patch]) -> float:
    """The number in the case after changes; nan where there is none, or the case refuses them."""
    try:
        return value_of(case.patched(*changes).resolved.numbers, path, math.nan)
    except InputError:
        return math.nan
