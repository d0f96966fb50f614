"""A small way to fill the record tables, so that a test says only what it is about."""

from typing import Any

from saasdesk.fields import Field, ObjectKind, fold_key, quote
from saasdesk.fields.rows import add_field
from saasdesk.store import Connection, Store
from saasdesk.text import sort_key

MOMENT = "2026-01-02T03:04:05Z"
_KEYED = {
    "person": {"username", "email", "employee_id"},
    "saas_user": {"email"},
    "saas_application": {"name"},
    "licence": set(),
}
_ORDERED = ("person", "saas_user")


class Company:
    def __init__(self, store: Store) -> None:
        self.store = store

    def person(self, username: str | None, **values: Any) -> int:
        return self._insert("person", {"username": username, **values})

    def application(self, name: str, **values: Any) -> int:
        return self._insert("saas_application", {"name": name, **values})

    def saas_user(self, application: int, **values: Any) -> int:
        return self._insert("saas_user", {"saas_application": application, **values})

    def licence(self, application: int, key: str, **values: Any) -> int:
        return self._insert("licence", {"saas_application": application, "licence_key": key, **values})

    def integration(self, name: str) -> int:
        values = {"name": name, "document": "{}", "created_at": MOMENT, "updated_at": MOMENT}
        return self._write("integration", values)

    def link(self, integration: int, vendor_id: str, person: int) -> None:
        self._write("source_link", {"integration": integration, "vendor_id": vendor_id, "person": person})

    def field(self, field: Field) -> None:
        self.store.write(lambda db: add_field(db, field))
        if field.unique:
            _KEYED[ObjectKind(field.object).table].add(field.external_id)

    def _insert(self, table: str, values: dict[str, Any]) -> int:
        keys = {f"{name}__key": fold_key(values[name]) for name in _KEYED[table] if values.get(name) is not None}
        order = {"name__order": sort_key(values["name"])} if table in _ORDERED and "name" in values else {}
        return self._write(table, {"created_at": MOMENT, "updated_at": MOMENT, **values, **keys, **order})

    def _write(self, table: str, values: dict[str, Any]) -> int:
        names = ", ".join(quote(name) for name in values)
        marks = ", ".join("?" * len(values))

        def insert(db: Connection) -> int:
            cursor = db.execute_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
            return int(cursor.lastrowid)

        return self.store.write(insert)
