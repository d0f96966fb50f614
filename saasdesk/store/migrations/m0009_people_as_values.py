"""A manager is a person: the built-in field says so by its type, so that its value can lead to them."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Give the field its type; what its column holds stays as it is."""
    execute("UPDATE field SET type = 'person' WHERE object = 'people' AND external_id = 'manager' AND builtin", ())
