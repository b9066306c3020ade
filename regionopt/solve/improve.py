"""Leads a basis whose prices rounding left just beyond zero to an optimal one, in exact fractions.

A solver calls a plan optimal within a tolerance; where many plans are nearly equal (the same programme in one year
or in another) the prices of its basis can have the wrong sign by that little. Steps of the primal simplex method
end at exact prices.
"""

from __future__ import annotations

from fractions import Fraction

from regionopt.model.program import Basis, Program
from regionopt.solve.simplex import blocking, first_wrong
from regionopt.solve.vertex import Costs, Vertex

# A solver's basis is some steps away; where it is not, its certificate says so.
STEPS = 300


def improved(program: Program, costs: Costs, basis: Basis) -> Basis:
    """The optimal basis on the way of the primal simplex method from a feasible one, if it is near."""
    return best(Vertex(program, (costs,), basis)).basis


def best(vertex: Vertex, steps: int = STEPS) -> Vertex:
    """The same for costs in order of rank."""
    for _ in range(steps):
        wrong = first_wrong(vertex)
        if wrong is None:
            break
        entering, sign = wrong
        stop = blocking(vertex, vertex.moved({entering: Fraction(sign)}), entering)
        if stop is None:
            break
        vertex = vertex.swapped(stop[1], stop[2], entering)
    return vertex
