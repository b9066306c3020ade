"""The linear program, written formula by formula: the core, and a module for each component."""
