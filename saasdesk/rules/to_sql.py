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
    """The rule as a condition; never NULL, so that NOT and OR around it mean what they say."""
    if rule.field is None:
        parts = [to_sql(part, columns, now) for part in rule.parts]
        word = " AND " if rule.all is not None else " OR "
        text = word.join(f"({part.text})" for part in parts)
        return SqlFragment(text, tuple(value for part in parts for value in part.params))
    column = columns.get(rule.field)
    if column is None:
        raise UserError(f"There is no field “{rule.field}”.")
    return _condition(comparison(rule, column.type, now or present()), column)


def _condition(wanted: Comparison, column: SqlColumn) -> SqlFragment:
    x = column.expression
    match wanted.operator:
        case Operator.IS_EMPTY:
            return SqlFragment(f"coalesce({x}, '') = ''")
        case Operator.IS_NOT_EMPTY:
            return SqlFragment(f"coalesce({x}, '') <> ''")
        case _:
            return _text(wanted, column) if wanted.is_text else _ordered(wanted, x)


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
    if wanted.operator is Operator.EQUALS and column.key_expression and wanted.values[0]:
        # The folded copy has an index; a bare comparison uses it, and a missing value is no match.
        return SqlFragment(f"{column.key_expression} IS ?", wanted.values)
    x = f"coalesce({column.key_expression or _folded(column)}, '')"
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
    if column.type in TEXTS:
        return f"fold({x})"
    if column.type is FieldType.DECIMAL:
        return f"fold(iif({x} = round({x}) AND abs({x}) < 1e15, CAST({x} AS INTEGER), {x}))"
    return f"fold(CAST({x} AS TEXT))"


def _ordered(wanted: Comparison, x: str) -> SqlFragment:
    values = wanted.values
    match wanted.operator:
        case Operator.EQUALS:
            return SqlFragment(f"{x} IS ?", values)
        case Operator.DOES_NOT_EQUAL:
            return SqlFragment(f"{x} IS NOT ?", values)
        case Operator.IN:
            return SqlFragment(f"{x} IS NOT NULL AND {x} IN ({', '.join('?' * len(values))})", values)
        case Operator.NOT_IN:
            return SqlFragment(f"{x} IS NULL OR {x} NOT IN ({', '.join('?' * len(values))})", values)
        case Operator.LESS_THAN | Operator.AT_MOST | Operator.GREATER_THAN | Operator.AT_LEAST:
            signs = {
                Operator.LESS_THAN: "<",
                Operator.AT_MOST: "<=",
                Operator.GREATER_THAN: ">",
                Operator.AT_LEAST: ">=",
            }
            return SqlFragment(f"{x} IS NOT NULL AND {x} {signs[wanted.operator]} ?", values)
        case Operator.BETWEEN:
            return SqlFragment(f"{x} IS NOT NULL AND {x} BETWEEN ? AND ?", values)
        case _:
            limits = [(f"{x} >= ?", values[0]), (f"{x} < ?", values[1])]
            given = [(text, value) for text, value in limits if value is not None]
            text = " AND ".join([f"coalesce({x}, '') <> ''", *(text for text, _ in given)])
            return SqlFragment(text, tuple(value for _, value in given))
