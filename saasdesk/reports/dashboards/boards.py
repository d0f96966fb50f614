"""What an admin does with dashboards."""

from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.documents import Documents, Kept

BoardRow = Kept[BoardDocument]

_BOARDS = Documents("dashboard", BoardDocument, lambda document: {"widgets": len(document.widgets)})

list_boards = _BOARDS.every
find_board = _BOARDS.find
add_board = _BOARDS.add
save_board = _BOARDS.save
apply_board = _BOARDS.apply
delete_board = _BOARDS.delete
