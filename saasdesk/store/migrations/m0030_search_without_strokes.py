"""Letters with a stroke are looked for like those without: the search index is made anew, in the background."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Remove what was made of the index; until it is there again, searching looks at the records themselves."""
    for statement in (
        "DROP TABLE IF EXISTS search_person",
        "DROP TABLE IF EXISTS search_saas_user",
        "DELETE FROM search_pending",
        "DELETE FROM search_state",
    ):
        execute(statement, ())
