"""What a right click on the canvas offers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from saasdesk.workflows.layout import on_grid

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView


def canvas_menu(view: "CanvasView", position: QPoint) -> QMenu:
    """The menu for what is selected: a wire, one block, several, or none."""
    menu = QMenu(view)
    menu.aboutToHide.connect(menu.deleteLater)

    def add(text: str, keys: str, work: Callable[[], object]) -> None:
        menu.addAction(f"{text}\t{keys}" if keys else text).triggered.connect(lambda _checked: work())

    selection, link = view.model.selection, view.selected_link
    point = view.mapToScene(position)
    if link is not None:
        add("Add a block in between…", "Space", view.offer)
        add("Label…", "F2", lambda: view.rename_field.open_on(link))
        menu.addSeparator()
        add("Delete the wire", "Del", lambda: view.verbs.disconnect(link))
        return menu
    if not selection:
        add("Add a block here…", "Space", lambda: view.offer_at(position))
        add("Paste here", "Ctrl+V", lambda: view.verbs.paste(on_grid(point.x(), point.y())))
        menu.addSeparator()
        add("Tidy up", "Ctrl+Shift+L", view.tidy)
        add("Show everything", "Shift+F", view.fit)
        return menu
    comment = view.model.current is not None and view.model.current.is_comment
    if comment:
        add("Write", "Enter", view.model.inspector_wanted.emit)
        menu.addSeparator()
    elif len(selection) == 1:
        add("Open", "Enter", view.model.inspector_wanted.emit)
        add("Add a block after it…", "Space", view.offer)
        add("Connect to…", "C", view.connect_from_here)
        add("Rename", "F2", lambda: view.rename_field.open_for(selection[0]))
        menu.addSeparator()
    add("Copy", "Ctrl+C", lambda: view.verbs.copy(selection))
    add("Cut", "Ctrl+X", lambda: view.verbs.cut(selection))
    add("Duplicate", "Ctrl+D", lambda: view.verbs.duplicate(selection))
    if len(selection) > 1:
        add("Tidy up", "Ctrl+Shift+L", view.tidy)
    menu.addSeparator()
    add("Delete", "Del", lambda: view.verbs.delete(selection))
    return menu
