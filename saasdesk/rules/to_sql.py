"""A rule as an SQL fragment over a record table: every value a parameter, the same answers as `to_predicate`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from saasdesk.clock import now as present
from saasdesk.errors import UserError
from saasdesk.fields import FieldType, Stored
from saasdesk.rules.comparison import TEXTS, Comparison, comparison
from saasdesk.rules.rule import Operator, Rule


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """How SQL reaches a field: an expression, its type and, where there is one, the expression of its folded copy."""

    expression: str
    type: FieldType
    key_expression: str | None = None


@dataclass(frozen=True, slots=True)
class SqlFragment:
    """A condition for a WHERE, and the values of its question marks."""

    text: str
    params: tuple[Stored, ...] = ()


def to_sql(rule: Rule, columns: Mapping[str, SqlColumn], now: datetime | None = None) -> SqlFragment:
    """The rule as a condition; never NULL, so that NOT and OR around it mean what they say.

    A UserError as from `to_predicate`.
    """
    now = now or present()
    if rule.field is None:
        parts = [to_sql(part, columns, now) for part in rule.parts]
        word = " AND " if rule.all is not None else " OR "
        text = word.join(f"({part.text})" for part in parts)
        return SqlFragment(text, tuple(value for part in parts for value in part.params))
    column = columns.get(rule.field)
    if column is None:
        raise UserError(f"There is no field “{rule.field}”.")
    return _condition(comparison(rule, column.type, now), column)


def _condition(wanted: Comparison, column: SqlColumn) -> SqlFragment:
    x = column.expression
    if wanted.operator is Operator.IS_EMPTY:
        return SqlFragment(f"coalesce({x}, '') = ''")
    if wanted.operator is Operator.IS_NOT_EMPTY:
        return SqlFragment(f"coalesce({x}, '') <> ''")
    if wanted.is_text:
        return _text(wanted, column)
    return _dates(wanted, x) if wanted.is_date else _numbers(wanted, x)


_TEXT_FORMS = {
    Operator.EQUALS: "{x} = ?",
    Operator.DOES_NOT_EQUAL: "{x} <> ?",
    Operator.BEGINS_WITH: "substr({x}, 1, length(?)) = ?",
    Operator.DOES_NOT_BEGIN_WITH: "substr({x}, 1, length(?)) <> ?",
    Operator.CONTAINS: "instr({x}, ?) > 0",
    Operator.DOES_NOT_CONTAIN: "instr({x}, ?) = 0",
    Operator.LESS_THAN: "{x} <> '' AND {x} < ?",
    Operator.AT_MOST: "{x} <> '' AND {x} <= ?",
    Operator.GREATER_THAN: "{x} > ?",
    Operator.AT_LEAST: "{x} <> '' AND {x} >= ?",
    Operator.BETWEEN: "{x} <> '' AND {x} BETWEEN ? AND ?",
}


def _text(wanted: Comparison, column: SqlColumn) -> SqlFragment:
    key = column.key_expression
    if key and wanted.operator in {Operator.EQUALS, Operator.IN} and all(wanted.values):
        # The folded copy has an index that leaves out records without a value: said so, SQLite can use it.
        return SqlFragment(f"{key} IS NOT NULL AND {key} IN ({', '.join('?' * len(wanted.values))})", wanted.values)
    x = f"coalesce({key or _folded(column)}, '')"
    values = wanted.values
    match wanted.operator:
        case Operator.IN | Operator.NOT_IN:
            marks = ", ".join("?" * len(values))
            word = "IN" if wanted.operator is Operator.IN else "NOT IN"
            return SqlFragment(f"{x} {word} ({marks})", values)
        case Operator.ENDS_WITH | Operator.DOES_NOT_END_WITH:
            sign = "=" if wanted.operator is Operator.ENDS_WITH else "<>"
            if not values[0]:
                return SqlFragment("1" if sign == "=" else "0")
            return SqlFragment(f"substr({x}, -length(?)) {sign} ?", values * 2)
        case Operator.BEGINS_WITH | Operator.DOES_NOT_BEGIN_WITH:
            return SqlFragment(_TEXT_FORMS[wanted.operator].format(x=x), values * 2)
        case _:
            return SqlFragment(_TEXT_FORMS[wanted.operator].format(x=x), values)


def _folded(column: SqlColumn) -> str:
    x = column.expression
    if column.type is FieldType.DECIMAL:
        return f"fold(iif({x} = round({x}) AND abs({x}) < 1e15, CAST({x} AS INTEGER), {x}))"
    if column.type in TEXTS:
        # Plain text could be folded by SQLite itself; measured, telling it apart costs as much as folding all.
        return f"fold({x})"
    return f"fold(CAST({x} AS TEXT))"


def _numbers(wanted: Comparison, x: str) -> SqlFragment:
    values = wanted.values
    marks = ", ".join("?" * len(values))
    match wanted.operator:
        case Operator.EQUALS:
            return SqlFragment(f"{x} IS ?", values)
        case Operator.DOES_NOT_EQUAL:
            return SqlFragment(f"{x} IS NOT ?", values)
        case Operator.IN:
            return SqlFragment(f"{x} IS NOT NULL AND {x} IN ({marks})", values)
        case Operator.NOT_IN:
            return SqlFragment(f"{x} IS NULL OR {x} NOT IN ({marks})", values)
        case Operator.BETWEEN:
            return SqlFragment(f"{x} IS NOT NULL AND {x} BETWEEN ? AND ?", values)
        case _:
            return SqlFragment(f"{x} IS NOT NULL AND {x} {_SIGNS[wanted.operator]} ?", values)


_SIGNS = {Operator.LESS_THAN: "<", Operator.AT_MOST: "<=", Operator.GREATER_THAN: ">", Operator.AT_LEAST: ">="}


def _dates(wanted: Comparison, x: str) -> SqlFragment:
    texts: list[str] = []
    params: list[Stored] = []
    for begin, end in wanted.spans:
        limits = [(f"{x} >= ?", begin), (f"{x} < ?", end)]
        given = [(text, moment) for text, moment in limits if moment is not None]
        texts.append(" AND ".join(text for text, _ in given) or "1")
        params += [moment for _, moment in given]
    within = " OR ".join(f"({text})" for text in texts) or "0"
    text = f"coalesce({x}, '') <> '' AND ({within})"
    return SqlFragment(f"NOT ({text})" if wanted.is_negated else text, tuple(params))
