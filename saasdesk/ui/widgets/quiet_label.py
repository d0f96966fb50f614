"""A label that is only heard: for a list of choices that has no label of its own to be seen."""

from PySide6.QtWidgets import QLabel, QWidget


def label_quietly(widget: QWidget, text: str, parent: QWidget) -> None:
    """Name a widget for screen readers. On Linux Qt calls a list of choices by what is chosen, unless labelled.

    Qt looks for the label beside the widget: `parent` is the parent of both.
    """
    widget.setAccessibleName(text)
    label = QLabel(text, parent)
    label.setBuddy(widget)
    label.hide()
    # A widget that makes room for another takes its label along.
    widget.destroyed.connect(label.deleteLater)
