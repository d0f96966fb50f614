"""Which records a question means, as a condition with its parameters."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from saasdesk.records.listing.rows.shape import Searched, Shape, Wanted, comparable_columns
from saasdesk.records.listing.rows.words import contains
from saasdesk.records.search import find_candidates
from saasdesk.rules import Operator, Rule, to_sql
from saasdesk.store import Connection

# A record that fits such a condition has its value somewhere in its texts.
_HAVE_IT = frozenset({Operator.CONTAINS, Operator.BEGINS_WITH, Operator.ENDS_WITH, Operator.EQUALS})


def conditions_of(shape: Shape, wanted: Wanted) -> tuple[str, list[Any]]:
    """The condition on a record `r`, and its parameters, those of the table before all others."""
    conditions: list[str] = []
    parameters: list[Any] = list(shape.parameters)
    if wanted.active is not None:
        conditions.append("r.deactivated = 0 AND r.archived = 0" if wanted.active else "(r.deactivated OR r.archived)")
    if wanted.narrowing.application is not None:
        conditions.append("r.saas_application = ?")
        parameters.append(wanted.narrowing.application)
    if wanted.narrowing.integration is not None:
        conditions.append("r.owner_integration = ?")
        parameters.append(wanted.narrowing.integration)
    if wanted.only is not None:
        conditions.append("r.id IN (SELECT value FROM json_each(?))")
        parameters.append(json_array(wanted.only))
    if wanted.among is not None:
        conditions.append(wanted.among.text)
        parameters += wanted.among.params
    if wanted.rule is not None:
        fragment = to_sql(wanted.rule, comparable_columns(shape), wanted.now)
        conditions.append(f"({fragment.text})")
        parameters += fragment.params
    for word in wanted.words:
        text, values = contains(shape.searched, word)
        conditions.append(text)
        parameters += values
    return " AND ".join(conditions) or "1", parameters


def among_candidates(db: Connection, shape: Shape, wanted: Wanted, most: int) -> Wanted:
    """The same question, asked only to the records that may contain the words, where the index knows them."""
    if not shape.is_indexed:
        return wanted
    columns = {text.column for text in shape.searched if text.column is not None}
    words = [word for word in wanted.words if not _names_application(db, shape, word)]
    if wanted.rule is not None:
        words += _needed(wanted.rule, columns)
    return replace(wanted, among=find_candidates(db, shape.kind, columns, words, most))


def _needed(rule: Rule, columns: Collection[str | None]) -> Iterator[str]:
    """What every record that fits a rule has somewhere in these columns."""
    for part in rule.all or ():
        yield from _needed(part, columns)
    if rule.field in columns and rule.operator in _HAVE_IT and isinstance(rule.value, str):
        yield rule.value


def _names_application(db: Connection, shape: Shape, word: str) -> bool:
    """Whether a word may be found in the name of an application, which the index of accounts does not know."""
    if all(text.column is not None for text in shape.searched):
        return False
    condition, values = contains([Searched("name")], word)
    return db.execute_sql(f"SELECT 1 FROM saas_application WHERE {condition} LIMIT 1", values).fetchone() is not None


def json_array(ids: Iterable[int]) -> str:
    """Ids as one parameter."""
    return orjson.dumps(list(ids)).decode()
