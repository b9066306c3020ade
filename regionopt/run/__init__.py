"""The main jobs, where effects are: run, validate, a starter case, a map drawn again."""
