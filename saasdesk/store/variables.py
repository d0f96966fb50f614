"""Global variables: names and values that integrations and templates may use everywhere."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saasdesk.errors import UserError
from saasdesk.store import audit
from saasdesk.store.connections import Connection

if TYPE_CHECKING:
    from saasdesk.store.database import Store

_KEY = re.compile(r"[^\W_][\w. -]{0,127}")
_LONGEST_VALUE = 4_096
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One global variable."""

    key: str
    value: str


def list_variables(store: "Store") -> tuple[Variable, ...]:
    """All of them, by name."""
    with store.reading() as db:
        rows = db.execute_sql("SELECT key, value FROM variable ORDER BY key").fetchall()
    return tuple(Variable(key, value) for key, value in rows)


def set_variable(store: "Store", key: str, value: str) -> None:
    """Give a variable a value; upper and lower case make no difference in its name."""
    key, value = key.strip(), value.strip()
    if not _KEY.fullmatch(key):
        raise UserError(
            f"A variable cannot be called {key!r}: a name begins with a letter or digit and goes on with letters, "
            "digits, spaces, dots, dashes and underscores, 128 at most."
        )
    if len(value) > _LONGEST_VALUE or _CONTROL.search(value):
        raise UserError(f"The variable {key} takes text of at most {_LONGEST_VALUE:,} characters.")

    def keep(db: Connection) -> None:
        before = _value_of(db, key)
        db.execute_sql(
            "INSERT INTO variable (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
        if before != value:
            audit.record(db, "variable.set", key, {"before": before, "after": value})

    store.write(keep)


def delete_variable(store: "Store", key: str) -> None:
    """Forget a variable."""

    def forget(db: Connection) -> None:
        before = _value_of(db, key.strip())
        if before is None:
            raise UserError(f"There is no variable {key.strip()!r}.")
        db.execute_sql("DELETE FROM variable WHERE key = ?", (key.strip(),))
        audit.record(db, "variable.deleted", key.strip(), {"before": before})

    store.write(forget)


def _value_of(db: Connection, key: str) -> str | None:
    row = db.execute_sql("SELECT value FROM variable WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None
