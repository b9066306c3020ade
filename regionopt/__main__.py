"""`python -m regionopt`."""

from regionopt.cli import main

main()
