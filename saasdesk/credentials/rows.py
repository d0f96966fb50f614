"""The credentials in the database: everything but their keys."""

from collections.abc import Mapping
from datetime import date

import orjson

from saasdesk.credentials.credential import Credential, CredentialState, LastTest
from saasdesk.store import Connection
from saasdesk.store.schema import Credential as CredentialRow


def list_credentials(db: Connection) -> list[Credential]:
    """All credentials, by name."""
    rows = CredentialRow.select().order_by(CredentialRow.name.collate("NOCASE"))
    return [_from_row(row) for row in rows.execute(db)]


def find_credential(db: Connection, name: str) -> Credential | None:
    """The credential of this name, however it is capitalised."""
    rows = CredentialRow.select().where(CredentialRow.name == name)
    return next((_from_row(row) for row in rows.execute(db)), None)


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
    CredentialRow.update(**moment).where(CredentialRow.uuid == uuid).execute(db)


def set_state(db: Connection, uuid: str, state: CredentialState) -> None:
    """Note where a credential's key is now."""
    CredentialRow.update(state=state.value).where(CredentialRow.uuid == uuid).execute(db)


def delete_credential(db: Connection, uuid: str) -> None:
    """Remove a credential's row."""
    CredentialRow.delete().where(CredentialRow.uuid == uuid).execute(db)


def _from_row(row: CredentialRow) -> Credential:
    state = CredentialState(row.state)
    return Credential(
        uuid=row.uuid,
        name=row.name,
        connector=row.connector,
        created_at=row.created_at,
        kind=row.kind,
        permission=row.permission,
        sign_in=row.sign_in,
        inputs=orjson.loads(row.inputs),
        base_url=row.base_url,
        hosts=tuple(orjson.loads(row.hosts)),
        expires=date.fromisoformat(row.expires) if row.expires else None,
        last_tested_at=row.last_tested_at,
        last_used_at=row.last_used_at,
        state=state,
        owner=row.owner,
        notes=row.notes,
        last_test=LastTest.from_json(row.last_test) if row.last_test else None,
        source="keyring" if state is CredentialState.READY else "none",
    )
