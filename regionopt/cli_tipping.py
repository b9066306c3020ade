"""x"""

import typer

commands = typer.Typer()
