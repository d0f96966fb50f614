"""Changes to a dashboard: a document in, a document out; and where its widgets stand."""

from collections.abc import Sequence

from saasdesk.errors import UserError
from saasdesk.reports.dashboards.board import COLUMNS, MOST_ROWS, MOST_WIDGETS, BoardDocument, Widget
from saasdesk.reports.names import LONGEST_NAME

Place = tuple[int, int, int, int]
"""Row, column, how many rows high, how many columns wide."""


def places_of(widgets: Sequence[Widget], columns: int = COLUMNS) -> list[Place]:
    """Where the widgets stand: each, in their order, at the first place where it fits."""
    taken: set[tuple[int, int]] = set()
    found: list[Place] = []
    for widget in widgets:
        width, height = min(widget.width, columns), widget.height
        row, column = _first_free(taken, width, height, columns)
        taken |= {(row + down, column + across) for down in range(height) for across in range(width)}
        found.append((row, column, height, width))
    return found


def _first_free(taken: set[tuple[int, int]], width: int, height: int, columns: int) -> tuple[int, int]:
    row = 0
    while True:
        for column in range(columns - width + 1):
            if not any((row + down, column + across) in taken for down in range(height) for across in range(width)):
                return row, column
        row += 1


def refuse_full(document: BoardDocument) -> None:
    """Raise when there is no room for one more widget."""
    if len(document.widgets) >= MOST_WIDGETS:
        raise UserError(f"A dashboard has at most {MOST_WIDGETS} widgets. Remove one, or make another dashboard.")


def added(document: BoardDocument, widget: Widget) -> BoardDocument:
    """One more widget, at the end; refused when the board is full."""
    refuse_full(document)
    return _with(document, [*document.widgets, widget])


def replaced(document: BoardDocument, place: int, widget: Widget) -> BoardDocument:
    """Another widget in the place of this one."""
    widgets = list(document.widgets)
    widgets[place] = widget
    return _with(document, widgets)


def removed(document: BoardDocument, place: int) -> BoardDocument:
    """Without this widget."""
    return _with(document, [widget for at, widget in enumerate(document.widgets) if at != place])


def duplicated(document: BoardDocument, place: int) -> BoardDocument:
    """The same widget once more, behind it; refused when the board is full."""
    widget = document.widgets[place]
    copy = widget.model_copy(update={"title": f"{widget.title[: LONGEST_NAME - 5].rstrip()} copy"})
    return moved(added(document, copy), len(document.widgets), place + 1)


def moved(document: BoardDocument, place: int, to: int) -> BoardDocument:
    """The widget at another place in the order."""
    widgets = list(document.widgets)
    widget = widgets.pop(place)
    widgets.insert(max(0, min(to, len(widgets))), widget)
    return _with(document, widgets)


def resized(document: BoardDocument, place: int, width: int, height: int) -> BoardDocument:
    """The widget so many columns wide and rows high, within what a board allows."""
    size = {"width": max(1, min(width, COLUMNS)), "height": max(1, min(height, MOST_ROWS))}
    return replaced(document, place, document.widgets[place].model_copy(update=size))


def _with(document: BoardDocument, widgets: Sequence[Widget]) -> BoardDocument:
    return document.model_copy(update={"widgets": tuple(widgets)})
