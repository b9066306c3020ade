"""Rules of the planner's own, as data:

rule[id]    Σ coefficient · (money in what the term selects)  ≤, ≥ or =  value
"""

from __future__ import annotations

from pulp import LpAffineExpression, lpSum

from regionopt.model.core import Model


def write(model: Model) -> None:
    """One row a rule."""
    for rule in model.instance.rules:
        left: LpAffineExpression = lpSum(
            coefficient * model.spend[key] for coefficient, keys in rule.terms for key in keys
        )
        senses = {"<=": left <= rule.value, ">=": left >= rule.value, "=": left == rule.value}
        model.row(senses[rule.sense], "rule", rule.id)
