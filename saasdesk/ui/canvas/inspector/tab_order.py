"""Tab goes from field to field as they are seen, whenever each of them was made."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def stops_in(widget: QWidget) -> Iterator[QWidget]:
    """Everything in a widget where Tab can stop, in the order in which the layouts have it."""
    if widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        yield widget
        return
    layout = widget.layout()
    if layout is not None:
        yield from _stops_of(layout)
        return
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield from stops_in(child)


def entry_of(widget: QWidget) -> QWidget:
    """Where the keyboard goes that is sent to a widget made of several.

    Not a focus proxy: Qt takes one for a stop of its own, wherever it stands in the order.
    """
    return next(stops_in(widget), widget)


def put_in_order(widget: QWidget) -> None:
    """Let Tab walk through a widget as it is laid out."""
    before: QWidget | None = None
    for stop in stops_in(widget):
        if before is not None:
            QWidget.setTabOrder(before, stop)
        before = stop


def _stops_of(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            yield from _stops_of(inner)
        elif widget is not None:
            yield from stops_in(widget)
