"""What an admin does with named documents: save, find, delete; each is one transaction with its audit row."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.reports.documents import rows
from saasdesk.reports.documents.rows import Document, Kept, Unreadable
from saasdesk.reports.names import free_name
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record

Facts = Callable[[Document], Mapping[str, object]]


class Documents(Generic[Document]):
    """All documents of one kind, in a table of their own.

    A name is had once, whatever its case; with `scope`, a key of the document, once among those that share its value.
    `facts` are what the audit log says of a new one; `reserved` are names of documents that are not kept here.
    """

    def __init__(
        self,
        table: str,
        model: type[Document],
        facts: Facts[Document],
        *,
        scope: str = "",
        reserved: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._table = table
        self._model = model
        self._facts = facts
        self._scope = scope
        self._reserved = reserved

    def every(self, store: Store) -> list[Kept[Document]]:
        """All that can be read, by name."""
        return self._read(store)[0]

    def unreadable(self, store: Store) -> list[Unreadable]:
        """Those that a newer program wrote: they stay as they are, and are not shown."""
        return self._read(store)[1]

    def find(self, store: Store, name: str) -> Kept[Document]:
        """The document of this name; a UserError names those that exist."""
        known = self.every(store)
        for kept in known:
            if kept.document.name.casefold() == name.casefold():
                return kept
        names = ", ".join(f"“{kept.document.name}”" for kept in known) or "none yet"
        raise UserError(f"There is no {self._noun} “{name}”. Here are: {names}.")

    def add(self, store: Store, document: Document) -> Kept[Document]:
        """Keep a new document; where its name is taken it gets a number."""
        kept, unreadable = self._read(store)
        taken = [each.document.name for each in kept if self._is_beside(each.document, document)]
        name = free_name(document.name, [*taken, *(each.name for each in unreadable), *self._reserved()])
        return self._insert(store, document.model_copy(update={"name": name}))

    def save(self, store: Store, number: int, document: Document) -> Kept[Document]:
        """Give a document another content; refused where its new name is another one's."""
        kept, unreadable = self._read(store)
        before = next((each for each in kept if each.id == number), None)
        if before is None:
            raise UserError(f"This {self._noun} is no longer here: somebody deleted it.")
        others = [each for each in kept if each.id != number and self._is_beside(each.document, document)]
        taken = {each.document.name.casefold() for each in others} | {each.name.casefold() for each in unreadable}
        if document.name.casefold() in taken:
            raise UserError(f"There is a {self._noun} “{document.name}” already. Choose another name.")
        if before.document == document:
            return before

        def work(db: Connection) -> None:
            rows.update(db, self._table, number, document, now_text())
            record(db, f"{self._table}.changed", document.name, {"version": before.version + 1})

        store.write(work)
        return Kept(number, document, before.version + 1)

    def apply(self, store: Store, document: Document) -> Kept[Document]:
        """Make the document, or give the one of the same name this content."""
        same = [
            kept
            for kept in self.every(store)
            if kept.document.name.casefold() == document.name.casefold() and self._is_beside(kept.document, document)
        ]
        return self.save(store, same[0].id, document) if same else self._insert(store, document)

    def delete(self, store: Store, kept: Kept[Document]) -> None:
        """Forget a document. The records that it told of stay as they are."""

        def work(db: Connection) -> None:
            rows.delete(db, self._table, kept.id)
            record(db, f"{self._table}.deleted", kept.document.name, {"version": kept.version})

        store.write(work)

    @property
    def _noun(self) -> str:
        return self._model.noun

    def _read(self, store: Store) -> tuple[list[Kept[Document]], list[Unreadable]]:
        with store.reading() as db:
            return rows.read_all(db, self._table, self._model)

    def _insert(self, store: Store, document: Document) -> Kept[Document]:
        scope = {self._scope: str(getattr(document, self._scope))} if self._scope else {}

        def work(db: Connection) -> int:
            number = rows.insert(db, self._table, scope, document, now_text())
            record(db, f"{self._table}.created", document.name, self._facts(document))
            return number

        return Kept(store.write(work), document, 1)

    def _is_beside(self, one: Document, other: Document) -> bool:
        return not self._scope or getattr(one, self._scope) == getattr(other, self._scope)
