"""SQL of the staging file: staged records, matching, and the plan as set operations against the live tables.

While a plan is made the staging file is `main` and the real database is attached read-only as `live`; while it is
applied the real database is `main` and the staging file is `stage`. Names of columns come from `fields` alone.
"""
