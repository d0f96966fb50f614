"""`--json`: answers for scripts."""

import typer

JSON_ONLY = typer.Option(False, "--json", help="JSON only.")
