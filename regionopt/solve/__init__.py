"""From a program to a proven plan: the doors to the solvers, exact steps, stages in order."""
