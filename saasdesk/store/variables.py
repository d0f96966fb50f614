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


HIDDEN_VALUE = "••••"
"""What is shown of a secret variable, wherever one is shown."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One global variable; the value of a secret one lies in the keyring under `secret`, and is empty here."""

    key: str
    value: str
    secret: str | None = None

    @property
    def is_secret(self) -> bool:
        """Whether its value is shown to nobody."""
        return self.secret is not None

    @property
    def shown(self) -> str:
        """Its value as people may see it."""
        return HIDDEN_VALUE if self.is_secret else self.value


def list_variables(store: "Store") -> tuple[Variable, ...]:
    """All of them, by name."""
    with store.reading() as db:
        rows = db.execute_sql("SELECT key, value, secret FROM variable ORDER BY key").fetchall()
    return tuple(Variable(*row) for row in rows)


def find_variable(store: "Store", key: str) -> Variable | None:
    """The variable of this name, however it is capitalised."""
    wanted = key.strip().casefold()
    return next((variable for variable in list_variables(store) if variable.key.casefold() == wanted), None)


def set_variable(store: "Store", key: str, value: str) -> None:
    """Give a variable a value; upper and lower case make no difference in its name.

    A UserError where the text is too long, or where the variable is a secret one.
    """
    key, value = checked_key(key), value.strip()
    if len(value) > _LONGEST_VALUE or _CONTROL.search(value):
        raise UserError(f"The variable {key} takes text of at most {_LONGEST_VALUE:,} characters.")

    def keep(db: Connection) -> None:
        before = _value_of(db, key)
        if _secret_of(db, key) is not None:
            raise UserError(
                f"{key} is a secret variable: its value goes into the keyring. Set it as one, or delete it first."
            )
        db.execute_sql(
            "INSERT INTO variable (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
        if before != value:
            audit.record(db, "variable.set", key, {"before": before, "after": value})

    store.write(keep)


def mark_secret(store: "Store", key: str, secret: str) -> None:
    """Note that a variable's value lies in the keyring under `secret`; the one that stood here in the open goes."""
    key = checked_key(key)

    def keep(db: Connection) -> None:
        is_new = _secret_of(db, key) is None
        db.execute_sql(
            "INSERT INTO variable (key, value, secret) VALUES (?, '', ?) "
            "ON CONFLICT (key) DO UPDATE SET value = '', secret = excluded.secret",
            (key, secret),
        )
        audit.record(db, "variable.set", key, {"secret": True, "was_secret": not is_new})

    store.write(keep)


def move_variable(store: "Store", key: str, new: str) -> None:
    """Give a variable another name; its value stays where it is."""
    wanted = checked_key(new)

    def move(db: Connection) -> None:
        db.execute_sql("UPDATE variable SET key = ? WHERE key = ?", (wanted, key))
        audit.record(db, "variable.renamed", wanted, {"before": key, "after": wanted})

    store.write(move)


def checked_key(key: str) -> str:
    """The name without spaces around it, or a sentence."""
    key = key.strip()
    if not _KEY.fullmatch(key):
        raise UserError(
            f"A variable cannot be called “{key}”: a name begins with a letter or digit and goes on with letters, "
            "digits, spaces, dots, dashes and underscores, 128 at most."
        )
    return key


def delete_variable(store: "Store", key: str) -> None:
    """Forget a variable. A UserError where there is none of this name."""

    def forget(db: Connection) -> None:
        before = _value_of(db, key.strip())
        if before is None:
            raise UserError(f"There is no variable “{key.strip()}”.")
        db.execute_sql("DELETE FROM variable WHERE key = ?", (key.strip(),))
        audit.record(db, "variable.deleted", key.strip(), {"before": before})

    store.write(forget)


def _value_of(db: Connection, key: str) -> str | None:
    row = db.execute_sql("SELECT value FROM variable WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _secret_of(db: Connection, key: str) -> str | None:
    row = db.execute_sql("SELECT secret FROM variable WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None
