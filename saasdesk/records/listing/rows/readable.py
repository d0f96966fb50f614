"""The order of texts as readers look for them, and the function that the expressions of lists call."""

from functools import cache

from saasdesk.store import Connection


def teach(db: Connection) -> None:
    """Give the connection what the expressions use besides the functions of every connection."""
    names = dict(db.execute_sql("SELECT id, name FROM integration").fetchall())

    @cache
    def feeder_names(numbers: str | None) -> str | None:
        known = {names[number] for number in map(int, numbers.split(",")) if number in names} if numbers else set()
        return ", ".join(sorted(known, key=str.casefold)) or None

    db.connection().create_function("feeder_names", 1, feeder_names, deterministic=True)


def readable_order(column: str) -> str:
    """How SQL sorts a text as readers would look for it."""
    # Only text beyond ASCII is worth a call into Python.
    return f"CASE WHEN {_is_beyond_ascii(column)} THEN sort_key({column}) ELSE lower({column}) END"


def _is_beyond_ascii(expression: str) -> str:
    return f"length(CAST({expression} AS BLOB)) > length({expression})"
