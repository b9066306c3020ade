"""Exact proofs of plans and of infeasibility, and their written form. Nothing here calls a solver."""
