"""Who feeds a person is read from an index alone: a million people are sorted and filtered by it."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Let the index of links say which integration it is, and whether it still lists the person."""
    execute("DROP INDEX source_link_person", ())
    execute("CREATE INDEX source_link_person ON source_link (person, integration, gone)", ())
