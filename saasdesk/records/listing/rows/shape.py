"""What SQL can show, sort and compare of one kind of record, and the parts of a question to a list of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saasdesk.fields import Field, FieldType, ObjectKind, quote
from saasdesk.fields.rows import list_fields
from saasdesk.records.listing.rows.expressions import APPLICATION, COMPUTED, EVERY_RECORD, Expression
from saasdesk.records.listing.rows.readable import readable_order
from saasdesk.records.search import INDEXED, Candidates
from saasdesk.rules import Rule, SqlColumn
from saasdesk.store import Connection


@dataclass(frozen=True, slots=True)
class Searched:
    """A text that the quick filter looks through, either as it is or already folded."""

    expression: str
    is_folded: bool = False
    # The column of the record that it stands in, if it stands in one.
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """All columns of one kind of record as SQL sees them, and the text that the quick filter looks through."""

    kind: ObjectKind
    table: str
    fields: tuple[Field, ...]
    expressions: Mapping[str, Expression]
    searched: tuple[Searched, ...]
    applications: tuple[str, ...]
    # Of a table that is a query itself: the values of its numbered question marks.
    parameters: tuple[Any, ...] = ()
    # Whether the search index knows these very records; it knows nothing of the past.
    is_indexed: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which records a list is about, before anybody filters: those of one application, or of one integration."""

    application: int | None = None
    integration: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to a list in the terms of SQL."""

    narrowing: Narrowing
    rule: Rule | None
    words: tuple[str, ...]
    sort: tuple[tuple[str, bool], ...]
    active: bool | None
    now: datetime
    only: Sequence[int] | None = None
    group_by: str = ""
    # Among these are all that contain the words, as the search index knows.
    among: Candidates | None = None

    @property
    def is_everything_active(self) -> bool:
        """Whether nothing but the usual "active ones only" narrows the list."""
        return (
            self.active is True
            and self.only is None
            and self.rule is None
            and not self.words
            and self.narrowing == Narrowing()
        )


def read_shape(db: Connection, kind: ObjectKind, *, is_present: bool = True) -> Shape:
    """What can be shown, sorted and compared of this kind of record just now, or at a moment of the past."""
    table = kind.table
    present = {str(name) for (name,) in db.execute_sql("SELECT name FROM pragma_table_info(?)", (table,))}
    fields = tuple(list_fields(db, kind))
    expressions = {**EVERY_RECORD, **COMPUTED[kind]}
    searched = []
    for field in fields:
        # The columns of these hold numbers of other records, or are not there at all.
        if field.builtin and field.external_id in COMPUTED[kind]:
            continue
        column = f"r.{quote(field.external_id)}"
        key = f"r.{quote(field.external_id + '__key')}" if f"{field.external_id}__key" in present else None
        order = f"r.{quote(field.external_id + '__order')}" if f"{field.external_id}__order" in present else None
        is_text = field.type.is_text or field.type is FieldType.LIST
        expressions[field.external_id] = Expression(
            column,
            field.type,
            sorted_by=order or (readable_order(column) if is_text else None),
            key_column=key,
            # A copy of the past has the column, and no index on it.
            order_column=order if is_present else None,
        )
        if order is not None:
            # Whoever has no accents on the keyboard finds the name all the same.
            searched.append(Searched(order, is_folded=True, column=field.external_id))
        if is_text:
            searched.append(
                Searched(column, column=field.external_id)
                if key is None
                else Searched(key, is_folded=True, column=field.external_id)
            )
    if "saas_application" in expressions:
        searched.append(Searched(APPLICATION))
    names = db.execute_sql("SELECT name FROM saas_application WHERE archived = 0 ORDER BY name COLLATE NOCASE")
    applications = tuple(name for (name,) in names)
    is_indexed = is_present and kind in INDEXED
    return Shape(kind, table, fields, expressions, tuple(searched), applications, is_indexed=is_indexed)


def comparable_columns(shape: Shape) -> dict[str, SqlColumn]:
    """What rules may speak of."""
    return {
        key: SqlColumn(known.compared or known.shown, known.type, known.key_column or known.folded)
        for key, known in shape.expressions.items()
    }
