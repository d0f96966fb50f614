"""SQL of reports: the lines that they ask for as one relation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.records.listing.rows import Expression, Searched, Shape, comparable_columns, readable_order, teach
from saasdesk.reports.report.document import Total, TotalMeasure
from saasdesk.rules import Rule, SqlColumn, to_sql
from saasdesk.store import Connection

# ----- what lines are about


@dataclass(frozen=True, slots=True)
class Joined:
    """Another record that a line knows of: what finds its number, and what it has."""

    number: str
    shape: Shape


# How a line finds the number of the other record, in the terms of its own table.
JOINS: Mapping[str, Mapping[str, tuple[ObjectKind, str]]] = {
    "saas_users": {
        "person": (ObjectKind.PEOPLE, "r.person"),
        "saas_application": (ObjectKind.SAAS_APPLICATIONS, "r.saas_application"),
    },
    "licences": {
        "person": (ObjectKind.PEOPLE, "(SELECT u.person FROM saas_user u WHERE u.id = r.saas_user)"),
        "saas_user": (ObjectKind.SAAS_USERS, "r.saas_user"),
        "saas_application": (ObjectKind.SAAS_APPLICATIONS, "r.saas_application"),
    },
    "assets": {"person": (ObjectKind.PEOPLE, "r.person")},
    "seats": {
        "person": (ObjectKind.PEOPLE, "r.person"),
        "saas_user": (ObjectKind.SAAS_USERS, "r.account"),
        "saas_application": (ObjectKind.SAAS_APPLICATIONS, "r.application"),
    },
}

# The record that a line leads to; no field and no total may be called so.
NUMBER = "line number"

_TEXT = FieldType.SHORT_TEXT
_NAME = """CASE r.object
    WHEN 'people' THEN (SELECT coalesce(p.username, p.email, p.name) FROM person p WHERE p.id = r.record)
    WHEN 'saas_users' THEN (SELECT coalesce(u.email, u.name, u.saas_user_id) FROM saas_user u WHERE u.id = r.record)
    WHEN 'licences' THEN (SELECT coalesce(l.product, l.licence_id) FROM licence l WHERE l.id = r.record)
    WHEN 'saas_applications' THEN (SELECT a.name FROM saas_application a WHERE a.id = r.record)
    WHEN 'assets' THEN (SELECT coalesce(d.name, d.hostname, d.serial_number) FROM asset d WHERE d.id = r.record)
END"""
_OBJECT = """CASE r.object
    WHEN 'people' THEN 'Person' WHEN 'saas_users' THEN 'SaaS user' WHEN 'licences' THEN 'Licence'
    WHEN 'saas_applications' THEN 'SaaS application' WHEN 'assets' THEN 'Asset' ELSE r.object
END"""
# Only changes of accounts and licences belong to an application.
_APPLICATION = """(
    SELECT a.name FROM saas_application a WHERE a.id = CASE r.object
        WHEN 'saas_users' THEN (SELECT u.saas_application FROM saas_user u WHERE u.id = r.record)
        WHEN 'licences' THEN (SELECT l.saas_application FROM licence l WHERE l.id = r.record)
        WHEN 'saas_applications' THEN r.record
    END
)"""


def _value(column: str) -> str:
    # A value that points at a record is told by the record's name.
    return f"""CASE r.field
        WHEN 'person' THEN (SELECT coalesce(p.username, p.name) FROM person p WHERE p.id = {column})
        WHEN 'saas_application' THEN (SELECT a.name FROM saas_application a WHERE a.id = {column})
        ELSE {column}
    END"""


def record_of_change(db: Connection, change: int) -> tuple[str, int] | None:
    """What kind of record a change is of, and its number."""
    row = db.execute_sql("SELECT object, record FROM change WHERE id = ?", (change,)).fetchone()
    return None if row is None else (str(row[0]), int(row[1]))


CHANGES = Shape(
    ObjectKind.PEOPLE,
    "change",
    (),
    {
        "at": Expression("r.at", FieldType.DATETIME),
        "object": Expression(_OBJECT, _TEXT),
        "record": Expression(_NAME, _TEXT),
        "saas_application": Expression(_APPLICATION, _TEXT),
        "change": Expression("r.kind", _TEXT),
        "field": Expression("r.field", _TEXT),
        "before": Expression(_value("r.before"), _TEXT),
        "after": Expression(_value("r.after"), _TEXT),
        "cause": Expression("r.cause", _TEXT),
        "session": Expression("r.session", FieldType.NUMBER),
        "reason": Expression("r.reason", _TEXT),
    },
    (),
    (),
)


# ----- their lines


@dataclass(frozen=True, slots=True)
class Asked:
    """A report in the terms of SQL: its own table, the records beside it, and what is wanted of them."""

    base: Shape
    joined: Mapping[str, Joined]
    active: bool | None
    rule: Rule | None
    columns: Sequence[str]
    group_by: Sequence[str]
    totals: Sequence[Total]
    now: datetime
    # Only the records of one group: its values, however they are spelled.
    within: Mapping[str, Any] = field(default_factory=dict)


def shape_of_lines(asked: Asked) -> Shape:
    """The lines of a report as a list of records sees them; of a group the number is that of its first record."""
    measured = [total.of for total in asked.totals if total.of]
    ruled = asked.rule.field_names() if asked.rule is not None else set()
    places = {
        key: f"k{place}"
        for place, key in enumerate(
            dict.fromkeys([*asked.columns, *asked.group_by, *measured, *sorted(ruled), *asked.within])
        )
    }
    sql, parameters = _selected(asked, places)
    types = {key: _expression(asked, key).type for key in places}
    if asked.within:
        same = [
            f"fold(member.{places[key]}) IS fold(?)" if _is_text(types[key]) else f"member.{places[key]} IS ?"
            for key in asked.within
        ]
        sql = f"SELECT * FROM ({sql}) member WHERE {' AND '.join(same)}"
        parameters = [*parameters, *asked.within.values()]
    if not asked.group_by:
        shown = {key: _shown(places[key], types[key]) for key in asked.columns}
        return _shape(asked, f"({sql})", shown, parameters)
    grouped, shown = _grouped(asked, places, types, sql)
    return _shape(asked, f"({grouped})", shown, parameters)


def _selected(asked: Asked, places: Mapping[str, str]) -> tuple[str, list[Any]]:
    """One line for each record, with only what is needed of it; a rule of its own table is asked there."""
    own = {key: name for key, name in places.items() if key in asked.base.expressions}
    others = sorted({key.partition(".")[0] for key in places if key not in own})
    values: list[Any] = list(asked.base.parameters)
    conditions = []
    if asked.active is not None:
        conditions.append("r.deactivated = 0 AND r.archived = 0" if asked.active else "(r.deactivated OR r.archived)")
    is_own_rule = asked.rule is not None and asked.rule.field_names() <= own.keys()
    if asked.rule is not None and is_own_rule:
        fragment = to_sql(asked.rule, comparable_columns(asked.base), asked.now)
        conditions.append(f"({fragment.text})")
        values += fragment.params
    first = ["r.id AS id"]
    first += [f"{_told(asked.base.expressions[key])} AS {name}" for key, name in own.items()]
    first += [f"{asked.joined[other].number} AS of_{other}" for other in others]
    sql = f"SELECT {', '.join(first)} FROM {asked.base.table} r WHERE {' AND '.join(conditions) or '1'}"
    if not others:
        return sql, values
    second = ["line.id AS id", *(f"line.{name} AS {name}" for name in own.values())]
    for key, name in places.items():
        if key not in own:
            other, _, field = key.partition(".")
            shape = asked.joined[other].shape
            expression = _told(shape.expressions[field])
            second.append(f"(SELECT {expression} FROM {shape.table} r WHERE r.id = line.of_{other}) AS {name}")
    sql = f"SELECT {', '.join(second)} FROM ({sql}) line"
    if asked.rule is not None and not is_own_rule:
        compared = {key: SqlColumn(f"ruled.{name}", _expression(asked, key).type) for key, name in places.items()}
        fragment = to_sql(asked.rule, compared, asked.now)
        sql = f"SELECT * FROM ({sql}) ruled WHERE {fragment.text}"
        values += fragment.params
    return sql, values


def _grouped(
    asked: Asked, places: Mapping[str, str], types: Mapping[str, FieldType], sql: str
) -> tuple[str, dict[str, Expression]]:
    """One line for each group: first by the values as they are, then spellings that mean the same together."""
    groups = [places[key] for key in asked.group_by]
    measured = list(dict.fromkeys(places[total.of] for total in asked.totals if total.of))
    inner = ["min(id) AS id", *groups, "count(*) AS records"]
    for name in measured:
        inner += [f"{what}({name}) AS {what}_{name}" for what in ("sum", "count", "min", "max")]
    folded = [f"fold({places[key]})" if _is_text(types[key]) else places[key] for key in asked.group_by]
    totals = [(total.key, _total(total, places)) for total in asked.totals]
    outer = ["min(id) AS id", *(f"min({name}) AS {name}" for name in groups)]
    outer += [f"{expression} AS t{place}" for place, (_, expression) in enumerate(totals)]
    text = f"""
        SELECT {", ".join(outer)}
        FROM (SELECT {", ".join(inner)} FROM ({sql}) GROUP BY {", ".join(groups)})
        GROUP BY {", ".join(folded)}
    """
    shown = {key: _shown(places[key], types[key]) for key in asked.group_by}
    for place, total in enumerate(asked.totals):
        shown[total.key] = Expression(f"r.t{place}", type_of_total(total, types.get(total.of)))
    return text, shown


def type_of_total(total: Total, measured: FieldType | None) -> FieldType:
    """What kind of value a total has."""
    match total.measure:
        case TotalMeasure.COUNT:
            return FieldType.NUMBER
        case TotalMeasure.AVERAGE:
            return FieldType.DECIMAL
        case _:
            return measured or FieldType.NUMBER


def _total(total: Total, places: Mapping[str, str]) -> str:
    name = places.get(total.of, "")
    match total.measure:
        case TotalMeasure.COUNT if not name:
            return "sum(records)"
        case TotalMeasure.COUNT:
            return f"sum(count_{name})"
        case TotalMeasure.SUM:
            return f"round(sum(sum_{name}), 6)"
        case TotalMeasure.AVERAGE:
            return f"round(sum(sum_{name}) * 1.0 / sum(count_{name}), 6)"
        case TotalMeasure.MIN:
            return f"min(min_{name})"
        case TotalMeasure.MAX:
            return f"max(max_{name})"


def sums(db: Connection, shape: Shape, keys: Iterable[str]) -> tuple[Any, ...]:
    """How many lines there are, then these columns of all of them added up."""
    teach(db)
    added = "".join(f", round(sum({shape.expressions[key].shown}), 6)" for key in keys)
    return tuple(db.execute_sql(f"SELECT count(*){added} FROM {shape.table} r", shape.parameters).fetchone())


def _shape(asked: Asked, table: str, shown: Mapping[str, Expression], parameters: Sequence[Any]) -> Shape:
    searched = tuple(Searched(known.shown) for known in shown.values() if _is_text(known.type))
    numbered = {**shown, NUMBER: Expression("r.id", FieldType.NUMBER)}
    return Shape(asked.base.kind, table, (), numbered, searched, asked.base.applications, tuple(parameters))


def _expression(asked: Asked, key: str) -> Expression:
    own = asked.base.expressions.get(key)
    if own is not None:
        return own
    other, _, field = key.partition(".")
    return asked.joined[other].shape.expressions[field]


def _told(expression: Expression) -> str:
    # Whatever is drawn in a way of its own is told in words.
    return expression.compared or expression.shown


def _shown(name: str, of: FieldType) -> Expression:
    return Expression(f"r.{name}", of, sorted_by=readable_order(f"r.{name}") if _is_text(of) else None)


def _is_text(of: FieldType) -> bool:
    return of.is_text or of is FieldType.LIST
