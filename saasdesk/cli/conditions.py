"""`--where FIELD OPERATOR VALUE`: three words that belong together, as often as needed."""

from collections.abc import Sequence

from saasdesk.errors import UserError
from saasdesk.rules import Rule, all_of, condition

# Typer knows no repeated option of several words: they travel as one word, joined by a character nobody types.
_SEPARATOR = "\x1f"
_WITHOUT_VALUE = frozenset({"is_empty", "is_not_empty", "today"})


def join_conditions(arguments: Sequence[str]) -> list[str]:
    """Turn each `--where` and the words after it into two arguments."""
    joined: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        joined.append(word)
        if word != "--where":
            continue
        if len(rest) < 2:
            raise UserError("--where needs a field, an operator and a value: --where role equals Employee")
        count = 2 if rest[1] in _WITHOUT_VALUE else 3
        if len(rest) < count:
            raise UserError(f"--where {rest[0]} {rest[1]} needs a value.")
        joined.append(_SEPARATOR.join(rest[:count]))
        del rest[:count]
    return joined


def parse_where(joined: Sequence[str], known: Sequence[str]) -> Rule | None:
    """All conditions as one rule, or None without any; the field must be one of `known`."""
    conditions = []
    for text in joined:
        field, operator, *value = text.split(_SEPARATOR)
        if field not in known:
            raise UserError(f"--where: there is no field “{field}”. Fields: {', '.join(known)}.")
        conditions.append(condition(field, operator, value[0] if value else None))
    return all_of(*conditions) if conditions else None
