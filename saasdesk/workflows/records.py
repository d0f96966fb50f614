"""Which records a workflow is about, and what it sees of each."""

import threading
from collections.abc import Iterator, Sequence

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Operator, Rule, all_of, any_of, condition
from saasdesk.store import Store
from saasdesk.workflows.blocks import KINDS, BeginSettings
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.rows import record_rows

_AT_ONCE = 500


def matching_query(settings: BeginSettings) -> ListQuery:
    """What *Show in list view* shows: the records that Begin lets in."""
    return ListQuery(rule=settings.criteria, active=settings.is_active)


def matching_records(
    store: Store, kind: ObjectKind, settings: BeginSettings, stop: threading.Event | None = None
) -> Sequence[int]:
    """The ids of the records that Begin lets in just now."""
    return RecordList(store, kind).ids(matching_query(settings), stop)


def undated_query(settings: BeginSettings) -> tuple[ListQuery, tuple[str, ...]] | None:
    """The records of which nobody can say whether they are old enough, and the fields that they lack.

    They fit everything else that Begin asks for; None where it asks for no age.
    """
    conditions = settings.criteria.all or (settings.criteria,) if settings.criteria is not None else ()
    aged = [each for each in conditions if each.operator is Operator.BEFORE_DAYS]
    if not aged:
        return None
    fields = tuple(dict.fromkeys(each.field for each in aged if each.field is not None))
    lacks: Rule = any_of(*(condition(field, Operator.IS_EMPTY) for field in fields))
    others = [each for each in conditions if each not in aged]
    return ListQuery(rule=all_of(*others, lacks), active=settings.is_active), fields


def is_let_in(store: Store, document: WorkflowDocument, record: int) -> bool:
    """Whether Begin lets this record in just now."""
    (begin,) = document.of_kind("begin")
    settings: BeginSettings = KINDS["begin"].settings_of(begin)
    query = matching_query(settings)
    return any(True for _ in RecordList(store, document.record_kind).iterate(query, [], only=[record]))


def record_called(store: Store, kind: ObjectKind, key: str) -> int | None:
    """The one record that a person means by a username, an e-mail address or a vendor's id; None if not exactly one."""
    with store.reading() as db:
        return record_rows.record_called(db, kind, key)


def read_records(
    store: Store, kind: ObjectKind, ids: Sequence[int], stop: threading.Event | None = None
) -> Iterator[RecordView]:
    """The records of these ids in their order; one that is gone meanwhile is left out."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        with store.reading(stop=stop) as db:
            found = record_rows.record_views(db, kind, some)
        yield from (found[number] for number in some if number in found)
