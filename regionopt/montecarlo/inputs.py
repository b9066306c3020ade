"""Which numbers are uncertain, and how: `[uncertainty.<name>]` of the case file, and `--vary` of the command line.

    --vary 'returns.jobs.*=triangular:0.7x,1x,1.3x'      one factor for all that the path matches
    --vary 'returns.jobs.*=normal:1x,0.1x each=region group=returns'      one a region, correlated

Parameters are amounts (`90`), factors of the number as it is stated (`0.7x`) or what is added to it (`+5`), as after
`--set`; those of one distribution are all of one sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regionopt.case.case import Case
from regionopt.case.parts import UncertaintySection
from regionopt.case.patches import literal, patch
from regionopt.common.document import Standing
from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.montecarlo.distributions import DISCRETE, KINDS, NAMES, Distribution

EACH = ("region", "programme", "number")
PARAMETERS = ("low", "mode", "high", "mean", "sd", "median", "sigma")


@dataclass(frozen=True)
class Input:
    """An uncertain number, or all that a path matches: how a draw acts (`set`, `scale`, `add`), its distribution;
    `each` says what has a draw of its own, `group` with what it moves together."""

    name: str
    path: str
    how: str
    distribution: Distribution
    place: str
    each: str = ""
    group: str = ""
    source: str = ""
    status: Standing = Standing.ASSUMPTION
    title: Mapping[str, str] | None = None

    def told(self) -> str:
        """Its distribution as after `--vary`."""
        suffix, sign = ("x" if self.how == "scale" else ""), ("+" if self.how == "add" else "")
        return self.distribution.told(suffix, sign)


def inputs_of(case: Case, vary: Sequence[str] = (), only: Sequence[str] | None = None) -> tuple[Input, ...]:
    """The inputs of the case file (those named in `only`), then those of `--vary`; one of `--vary` takes the place
    of one of the file with the same path. Raises InputError with all that is wrong with any of them."""
    sections = case.document.uncertainty
    unknown = [name for name in only or () if name not in sections]
    problems = [
        Problem("unknown_uncertainty", "--only", name, {"nearest": nearest(name, sections)}) for name in unknown
    ]
    found: dict[str, Input] = {}
    for name in sections if only is None else [name for name in sections if name in only]:
        problems += _read(lambda name=name: stated(case, name, sections[name]), found)
    for text in vary:
        problems += _read(lambda text=text: parsed(text), found)
    refuse([*problems, *(problem for one in found.values() for problem in one.distribution.problems(one.place))])
    return tuple(found.values())


def _read(make: Any, found: dict[str, Input]) -> list[Problem]:
    try:
        one = make()
    except InputError as error:
        return list(error.problems)
    if one.path in found and one.place.startswith("--vary") and found[one.path].place.startswith("--vary"):
        return [Problem("vary_twice", "--vary", one.path)]
    found[one.path] = one
    return []


def stated(case: Case, name: str, section: UncertaintySection) -> Input:
    """An input of the case file. Raises InputError."""
    place = f"{case.path.name}: uncertainty.{name}"
    given = {key: value for key in PARAMETERS if (value := getattr(section, key)) is not None}
    how, distribution = _distribution(place, section.kind, given, section.values, section.weights)
    title = None if section.title is None else section.title.model_dump()
    return Input(
        name,
        section.path,
        how,
        distribution,
        place,
        section.each,
        section.group,
        section.source,
        section.status,
        title,
    )


def parsed(text: str) -> Input:
    """An input of the command line. Raises InputError."""
    path, equals, told = (part.strip() for part in text.partition("="))
    first, *options = told.split()
    kind, colon, values = first.partition(":")
    more = dict(option.split("=", 1) for option in options if "=" in option)
    if not (equals and path and colon and values) or len(more) < len(options) or set(more) - {"each", "group"}:
        raise InputError([Problem("bad_distribution", "--vary", text)])
    place = f"--vary {path}"
    if kind not in NAMES:
        raise InputError([Problem("unknown_distribution", place, kind, {"known": ", ".join(NAMES)})])
    if more.get("each", EACH[0]) not in EACH:
        raise InputError([Problem("unknown_each", place, more["each"], {"known": ", ".join(EACH)})])
    listed = [value.strip() for value in values.split(",")]
    if kind == DISCRETE:
        pairs = [value.partition("@") for value in listed]
        weights = tuple(_number(place, weight) for _, _, weight in pairs) if any(at for _, at, _ in pairs) else ()
        how, distribution = _distribution(place, kind, {}, [value for value, _, _ in pairs], weights)
    else:
        names = (*KINDS[kind].needs, *KINDS[kind].may)
        if len(listed) > len(names):
            raise InputError([_wrong_parameters(place, kind)])
        how, distribution = _distribution(place, kind, dict(zip(names, listed, strict=False)), (), ())
    return Input(path, path, how, distribution, place, more.get("each", ""), more.get("group", ""), "--vary")


def _distribution(
    place: str, kind: str, given: Mapping[str, Any], values: Iterable[Any], weights: tuple[float, ...]
) -> tuple[str, Distribution]:
    """How the draws act, and the distribution. Raises InputError for parameters that do not belong together."""
    amounts = {key: _amount(place, key, value) for key, value in given.items()}
    listed = [_amount(place, "values", value) for value in values]
    bare = () if kind == DISCRETE else KINDS[kind].bare
    hows = {how for key, (how, _) in amounts.items() if key not in bare} | {how for how, _ in listed}
    wrong = (
        set(amounts)
        if kind == DISCRETE
        else ((set(amounts) - {*KINDS[kind].needs, *KINDS[kind].may}) or (set(KINDS[kind].needs) - set(amounts)))
    )
    if wrong or (kind != DISCRETE and (listed or weights)):
        raise InputError([_wrong_parameters(place, kind)])
    refuse(_not_positive(place, {key: number for key, (_, number) in amounts.items()}))
    if len(hows) > 1 or any(amounts[key][0] != "set" for key in bare if key in amounts):
        raise InputError([Problem("distribution_mixed", place)])
    numbers = {key: amounts[key][1] for key in PARAMETERS if key in amounts}
    ordered = (
        numbers
        if kind == DISCRETE
        else {key: numbers[key] for key in (*KINDS[kind].needs, *KINDS[kind].may) if key in numbers}
    )
    return next(iter(hows), "set"), Distribution(kind, ordered, tuple(value for _, value in listed), weights)


def _not_positive(place: str, numbers: Mapping[str, float]) -> Iterator[Problem]:
    """A spread below 0 is none, before its sign is read as that of an addition."""
    for key in ("sd", "sigma"):
        if numbers.get(key, 1) < 0:
            yield Problem("distribution_positive", f"{place}.{key}", f"{numbers[key]:g}", {"name": key})


def _wrong_parameters(place: str, kind: str) -> Problem:
    needs = ("values",) if kind == DISCRETE else KINDS[kind].needs
    may = ("weights",) if kind == DISCRETE else KINDS[kind].may
    return Problem("distribution_parameters", place, kind, {"needs": ", ".join(needs), "may": ", ".join(may) or "–"})


def _amount(place: str, key: str, value: Any) -> tuple[str, float]:
    """How an amount acts, and the amount: `0.7x` scales, `+5` adds, a number sets."""
    read = patch("", literal(value) if isinstance(value, str) else value, "")
    return read.how, _number(f"{place}.{key}", read.value)


def _number(place: str, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise InputError([Problem("distribution_amount", place, value)]) from None


def described(inputs: Iterable[Input]) -> Iterator[dict[str, Any]]:
    """The inputs as plain values, for documents."""
    for one in inputs:
        yield {
            "name": one.name, "title": one.title, "path": one.path, "acts": one.how, "distribution": one.told(),
            "each": one.each, "group": one.group, "source": one.source, "status": one.status.value,
        }  # fmt: skip
