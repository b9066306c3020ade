"""From the case file, its tables and overrides to the frozen numbers of one case."""
