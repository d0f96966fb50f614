"""SQL for named documents: each kind has a table of the same shape."""

from typing import Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from saasdesk.definitions import explain
from saasdesk.fields import quote
from saasdesk.reports.documents.document import NamedDocument
from saasdesk.store import Connection

Document = TypeVar("Document", bound=NamedDocument)


class Kept(NamedTuple, Generic[Document]):
    """A document with its number, and how often it was changed."""

    id: int
    document: Document
    version: int


class Unreadable(NamedTuple):
    """A document that is kept and cannot be shown here, and why: a newer program wrote it."""

    id: int
    name: str
    reason: str


def read_all(db: Connection, table: str, model: type[Document]) -> tuple[list[Kept[Document]], list[Unreadable]]:
    """Every document by name, and those that cannot be read."""
    kept: list[Kept[Document]] = []
    unreadable: list[Unreadable] = []
    found = db.execute_sql(f"SELECT id, name, document, version FROM {quote(table)} ORDER BY name COLLATE NOCASE, id")
    for number, name, text, version in found.fetchall():
        try:
            kept.append(Kept(number, model.model_validate_json(text), version))
        except ValidationError as error:
            unreadable.append(Unreadable(number, name, explain(error)))
    return kept, unreadable


def insert(db: Connection, table: str, scope: dict[str, str], document: NamedDocument, at: str) -> int:
    """Keep a new document, and return its number."""
    values = {**scope, "name": document.name, "document": document.as_json(), "created_at": at, "updated_at": at}
    cursor = db.execute_sql(
        f"INSERT INTO {quote(table)} ({', '.join(map(quote, values))}) VALUES ({', '.join('?' * len(values))})",
        tuple(values.values()),
    )
    return int(cursor.lastrowid or 0)


def update(db: Connection, table: str, number: int, document: NamedDocument, at: str) -> None:
    """Replace a document by a newer one."""
    db.execute_sql(
        f"UPDATE {quote(table)} SET name = ?, document = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (document.name, document.as_json(), at, number),
    )


def delete(db: Connection, table: str, number: int) -> None:
    """Forget a document."""
    db.execute_sql(f"DELETE FROM {quote(table)} WHERE id = ?", (number,))
