"""What is to change in the records, and who wants it: the input of the one way to write them.

A set of changes lies in tables, because a sync has hundreds of thousands of them: `plan_record` (one row a record),
`plan_field` (one row a changed field) and, for records to create, one wide `new_<table>` with a column per field.
A sync fills them in its staging file; an edit by hand fills small temporary ones of the same shape.
"""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What happens to a record."""

    CREATE = "create"
    UPDATE = "update"
    REACTIVATE = "reactivate"
    DEACTIVATE = "deactivate"
    ARCHIVE = "archive"
    RESTORE = "restore"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes records: an integration's run, a person's hand, an undo.

    `integration` 0 is a person's own hand: values that it writes are kept until a mapping says otherwise.
    """

    text: str
    who: str
    integration: int = 0
    session: int | None = None


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field of one record as a person wants it; `before` is what they saw."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RecordEdit:
    """What a person (not a sync) does to one record."""

    kind: ChangeKind
    record: int
    label: str
    reason: str
    fields: tuple[FieldEdit, ...] = ()
