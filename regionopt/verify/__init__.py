"""Checks a written result again without any solver."""
