"""What an admin does with dashboards: save, copy, delete; each is one transaction with its audit row."""

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.reports.dashboards import rows
from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.dashboards.rows import BoardRow
from saasdesk.reports.names import free_name
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record


def list_boards(store: Store) -> list[BoardRow]:
    """All dashboards, by name."""
    with store.reading() as db:
        return rows.boards(db)


def find_board(store: Store, name: str) -> BoardRow:
    """The dashboard of this name; a UserError names those that exist."""
    known = list_boards(store)
    for board in known:
        if board.document.name.casefold() == name.casefold():
            return board
    names = ", ".join(f"“{board.document.name}”" for board in known) or "none yet"
    raise UserError(f"There is no dashboard “{name}”. Here are: {names}.")


def add_board(store: Store, document: BoardDocument) -> BoardRow:
    """Keep a new dashboard; where its name is taken it gets a number."""
    name = free_name(document.name, (board.document.name for board in list_boards(store)))
    named = document.model_copy(update={"name": name})

    def work(db: Connection) -> int:
        number = rows.insert_board(db, named, now_text())
        record(db, "dashboard.created", name, {"widgets": len(named.widgets)})
        return number

    return BoardRow(store.write(work), named, 1)


def save_board(store: Store, number: int, document: BoardDocument) -> BoardRow:
    """Give a dashboard this document; refused where its new name is another one's."""
    known = {board.id: board for board in list_boards(store)}
    if number not in known:
        raise UserError("This dashboard is no longer here: somebody deleted it.")
    before = known[number]
    if any(b.id != number and b.document.name.casefold() == document.name.casefold() for b in known.values()):
        raise UserError(f"There is a dashboard “{document.name}” already. Choose another name.")
    if before.document == document:
        return before

    def work(db: Connection) -> None:
        rows.update_board(db, number, document, now_text())
        record(db, "dashboard.changed", document.name, {"version": before.version + 1})

    store.write(work)
    return BoardRow(number, document, before.version + 1)


def apply_board(store: Store, document: BoardDocument) -> BoardRow:
    """Make the dashboard, or give the one of the same name this document."""
    known = {board.document.name.casefold(): board for board in list_boards(store)}
    same = known.get(document.name.casefold())
    return add_board(store, document) if same is None else save_board(store, same.id, document)


def delete_board(store: Store, board: BoardRow) -> None:
    """Forget a dashboard. The records that it told of stay as they are."""

    def work(db: Connection) -> None:
        rows.delete_board(db, board.id)
        record(db, "dashboard.deleted", board.document.name, {"version": board.version})

    store.write(work)
