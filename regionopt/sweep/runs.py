"""Many runs as one value: the k-th run is computed when it is asked for, so that a million take no memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from regionopt.case.patches import Patch
from regionopt.sweep.slots import Slot, Template, plain

Signature = tuple[tuple[str, str, object], ...]


class Order(Protocol):
    """Runs by number: their changes, their inputs as they are written, and how many are like each."""

    @property
    def count(self) -> int: ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the inputs."""
        ...

    @property
    def slots(self) -> Mapping[tuple[str, str], Slot]:
        """The plain numbers that runs change, by path and how."""
        ...

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        ...

    def alike(self, signature: Signature) -> int:
        """How many runs differ only in plain numbers from one of this signature."""
        ...

    def examples(self) -> list[Patch]:
        """Every path that is changed, each way once."""
        ...

    def told(self) -> object:
        """The whole order as JSON can hold it, for `--resume`."""
        ...


@dataclass(frozen=True)
class Run:
    """One run: its name, its changes in order, its inputs as they are written."""

    name: str
    patches: tuple[Patch, ...]
    inputs: tuple[str, ...]

    @cached_property
    def signature(self) -> Signature:
        """What is fixed among runs that are alike: the settings, without the values of plain numbers."""
        return tuple((item.path, item.how, held(item)) for item in self.patches)

    def template(self) -> tuple[Template, tuple[tuple[str, str], ...], tuple[float, ...]]:
        """The changes with plain numbers taken out; the settings that these are, and their values."""
        template: list[Patch | int] = []
        keys = list[tuple[str, str]]()
        for item, (_, _, fixed) in zip(self.patches, self.signature, strict=True):
            template.append(len(keys) if fixed is None else item)
            if fixed is None:
                keys.append((item.path, item.how))
        return template, tuple(keys), self.values()

    def values(self) -> tuple[float, ...]:
        """The plain numbers, in order."""
        told = zip(self.patches, self.signature, strict=True)
        return tuple(float(item.value) for item, (_, _, fixed) in told if fixed is None)


def held(change: Patch) -> str | None:
    """What a change holds fixed among runs that are alike: its value, unless it is a plain number."""
    return None if plain(change.path, change.value) else repr(change.value)
