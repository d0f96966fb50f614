"""The plan of a workflow: what it would do with each record."""
