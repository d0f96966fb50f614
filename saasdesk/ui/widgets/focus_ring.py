"""A ring round something that scrolls, while the keyboard is there."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box


class FocusRing(QWidget):
    """Lies over a list or a page that draws nothing itself when it has the keyboard; takes no click."""

    def __init__(self, theme: Theme, around: QAbstractScrollArea) -> None:
        super().__init__(around)
        self._theme, self._around = theme, around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(around.hasFocus())
        around.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.FocusIn | QEvent.Type.FocusOut:
                self.setVisible(event.type() == QEvent.Type.FocusIn)
                self.raise_()
            case QEvent.Type.Resize | QEvent.Type.Show:
                self.setGeometry(self._around.rect())
            case _:
                pass
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        radius = theme.measure("radius-small")
        draw_box(QPainter(self), area_of(self), radius, edge=theme.color("accent"), edge_width=theme.measure("focus"))
