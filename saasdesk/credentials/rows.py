"""The credentials in the database: everything but their keys."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from saasdesk.credentials.credential import Credential, CredentialState, LastTest
from saasdesk.store import Connection
from saasdesk.store.schema import Credential as CredentialRow

# Not through the model: a run asks a dozen times, and peewee writes each statement anew.
_COLUMNS = (
    "uuid", "name", "connector", "created_at", "kind", "permission", "sign_in", "inputs", "base_url", "hosts",
    "expires", "last_tested_at", "last_used_at", "state", "owner", "notes", "last_test",
)  # fmt: skip
_CREDENTIAL = f"SELECT {', '.join(_COLUMNS)} FROM credential"


def list_credentials(db: Connection) -> list[Credential]:
    """All credentials, by name."""
    return [_from_row(row) for row in db.execute_sql(f"{_CREDENTIAL} ORDER BY name COLLATE NOCASE")]


def find_credential(db: Connection, name: str) -> Credential | None:
    """The credential of this name, however it is capitalised."""
    row = db.execute_sql(f"{_CREDENTIAL} WHERE name = ?", (name,)).fetchone()
    return None if row is None else _from_row(row)


def save_credential(db: Connection, credential: Credential) -> None:
    """Add a credential, or overwrite the one with the same uuid."""
    CredentialRow.insert(
        uuid=credential.uuid,
        name=credential.name,
        connector=credential.connector,
        kind=credential.kind,
        permission=credential.permission,
        sign_in=credential.sign_in,
        inputs=orjson.dumps(credential.inputs, option=orjson.OPT_SORT_KEYS).decode(),
        base_url=credential.base_url,
        hosts=orjson.dumps(credential.hosts).decode(),
        expires=credential.expires.isoformat() if credential.expires else None,
        created_at=credential.created_at,
        last_tested_at=credential.last_tested_at,
        last_used_at=credential.last_used_at,
        state=credential.state.value,
        owner=credential.owner,
        notes=credential.notes,
        last_test=credential.last_test.to_json() if credential.last_test else None,
    ).on_conflict_replace().execute(db)


def note_moment(db: Connection, uuid: str, moment: Mapping[str, str]) -> None:
    """Note when a credential was last tested or used, and what came of it."""
    values = ", ".join(f"{column} = ?" for column in moment)
    db.execute_sql(f"UPDATE credential SET {values} WHERE uuid = ?", (*moment.values(), uuid))


def set_state(db: Connection, uuid: str, state: CredentialState) -> None:
    """Note where a credential's key is now."""
    CredentialRow.update(state=state.value).where(CredentialRow.uuid == uuid).execute(db)


def delete_credential(db: Connection, uuid: str) -> None:
    """Remove a credential's row."""
    CredentialRow.delete().where(CredentialRow.uuid == uuid).execute(db)


def _from_row(row: Sequence[Any]) -> Credential:
    known = dict(zip(_COLUMNS, row, strict=True))
    state = CredentialState(known["state"])
    return Credential(
        **known
        | {
            "inputs": orjson.loads(known["inputs"]),
            "hosts": tuple(orjson.loads(known["hosts"])),
            "expires": date.fromisoformat(known["expires"]) if known["expires"] else None,
            "state": state,
            "last_test": LastTest.from_json(known["last_test"]) if known["last_test"] else None,
            "source": "keyring" if state is CredentialState.READY else "none",
        }
    )
