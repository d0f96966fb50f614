"""The panes of the window that F6 walks through: rail, the panes of the page, status bar."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.ui.navigation import HasPanes


def panes_of(page: object) -> list[QWidget]:
    """The panes that a page names; one that names none is a single pane."""
    if isinstance(page, HasPanes):
        return list(page.panes())
    return [page] if isinstance(page, QWidget) else []


def walk_panes(panes: Iterable[QWidget], step: int) -> None:
    """Give the keyboard to the pane so many steps after the one that has it; after the last comes the first."""
    reachable = [(pane, first) for pane in panes if pane.isVisible() and (first := _first_focusable(pane))]
    focus = QApplication.focusWidget()
    here = [place for place, (pane, _) in enumerate(reachable) if focus and (pane is focus or pane.isAncestorOf(focus))]
    if reachable:
        _, first = reachable[((here[0] if here else -1) + step) % len(reachable)]
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first_focusable(pane: QWidget) -> QWidget | None:
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isEnabled():
        return pane
    for widget in pane.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return None
