"""Workflows begin by themselves: how far each has seen what happened to records, and since when it waits for a slot."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Whatever happened before a workflow was launched is none of its business."""
    execute("ALTER TABLE workflow ADD COLUMN trigger_seen INTEGER NOT NULL DEFAULT 0", ())
    execute("ALTER TABLE workflow ADD COLUMN launched_at TEXT", ())
