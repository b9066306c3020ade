"""Leads a basis that rounding left just outside its bounds back inside, in exact fractions.

A solver calls a plan feasible within a tolerance, and where rows nearly coincide (a stage held at its optimum)
the corner of its basis can lie outside by that little. Steps of the dual simplex method end at a corner that is
inside exactly.
"""

from __future__ import annotations

from regionopt.model.program import Basis, Program
from regionopt.solve.simplex import entering, first_outside
from regionopt.solve.vertex import Costs, Vertex

# A solver's basis is a few steps away; where it is not, its certificate says so.
STEPS = 100


def repaired(program: Program, costs: Costs, basis: Basis) -> Basis:
    """The nearest basis on the way of the dual simplex method that keeps every bound exactly, if there is one."""
    return inside(Vertex(program, (costs,), basis)).basis


def inside(vertex: Vertex, steps: int = STEPS) -> Vertex:
    """The same for costs in order of rank."""
    for _ in range(steps):
        leaving = first_outside(vertex)
        if leaving is None:
            break
        taken = entering(vertex, *leaving)
        if taken is None:
            break
        vertex = vertex.swapped(*leaving, taken)
    return vertex
