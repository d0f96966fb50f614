"""Why a licence is no person's: it is free, or serves a server or is a key, so that free ones can be counted."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Add the column and its field, behind the ones that licences have."""
    execute("ALTER TABLE licence ADD COLUMN held_by TEXT", ())
    execute(
        """
        INSERT INTO field (object, external_id, label, type, is_unique, mandatory, builtin, position)
        SELECT 'licences', 'held_by', 'Held By', 'short_text', 0, 0, 1, max(position) + 1 FROM field
        """,
        (),
    )
