"""Uncertain numbers: many draws solved as a sweep, and what they say of the plan."""
