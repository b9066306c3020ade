"""What the tables of a result need beside the program, from the numbers of its case."""

from __future__ import annotations

from regionopt.common.instance import Instance
from regionopt.proof.proofs import Reading


def reading(instance: Instance) -> Reading:
    """What the tables need beside the program."""
    periods = instance.periods
    return Reading(
        give_away=instance.give_away,
        years=() if periods is None else tuple(periods.order),
        lag=0 if periods is None else periods.lag,
        survival=1.0 if periods is None else periods.survival,
        spillovers={m: {",".join(pair): share for pair, share in s.items()} for m, s in instance.spillovers.items()},
        raises={p.id: {".".join(pair): factor for pair, factor in p.raises.items()} for p in instance.platforms},
        groups={group.id: tuple(".".join(pair) for pair in sorted(group.programmes)) for group in instance.groups},
        over={",".join(target.key): dict(target.over) for target in instance.targets if target.over is not None},
    )
