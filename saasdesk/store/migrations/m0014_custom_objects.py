"""Lists of objects that fields look their values up in, locations first; and fields that nobody's hand may change."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """The built-in Location becomes a location; what its column holds stays as it is."""
    execute("ALTER TABLE field ADD COLUMN editable INTEGER NOT NULL DEFAULT 1", ())
    execute("ALTER TABLE field ADD COLUMN custom_object TEXT", ())
    execute(
        """CREATE TABLE custom_object (
            id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
            only_these INTEGER NOT NULL DEFAULT 0
        )""",
        (),
    )
    execute(
        """CREATE TABLE custom_object_item (
            id INTEGER PRIMARY KEY, custom_object TEXT NOT NULL, name TEXT NOT NULL, also TEXT NOT NULL DEFAULT '[]',
            note TEXT NOT NULL DEFAULT ''
        )""",
        (),
    )
    execute("CREATE INDEX custom_object_item_of ON custom_object_item (custom_object)", ())
    execute("INSERT INTO custom_object (external_id, label) VALUES ('locations', 'Locations')", ())
    execute(
        """
        UPDATE field SET type = 'location', custom_object = 'locations'
        WHERE object = 'people' AND external_id = 'location' AND builtin
        """,
        (),
    )
