"""`python -m regionopt`."""

from regionopt.cli.main import main

main()
