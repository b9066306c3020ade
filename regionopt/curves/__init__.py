"""Exact curves of optimum and plan over a number of the case, and how far numbers may be off."""
