"""Which entry of the software catalogue a SaaS application is, where that is known."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Add the column and its field, behind the ones that applications have."""
    execute("ALTER TABLE saas_application ADD COLUMN catalogue_entry TEXT", ())
    execute(
        """
        INSERT INTO field (object, external_id, label, type, is_unique, mandatory, builtin, position)
        SELECT 'saas_applications', 'catalogue_entry', 'Catalogue Entry', 'short_text', 0, 0, 1, max(position) + 1
        FROM field
        """,
        (),
    )
