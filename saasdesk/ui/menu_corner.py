"""What stands at the upper right, beside the menus: the field for commands, and what the program adds."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QMenuBar, QWidget

from saasdesk.ui.command_box import CommandBox
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Row

_ALTERING = {
    QEvent.Type.Resize,
    QEvent.Type.ActionAdded,
    QEvent.Type.ActionChanged,
    QEvent.Type.ActionRemoved,
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
}


class MenuCorner(QWidget):
    """The field gives way to the menus: with large letters, each of them stays to be seen and to be pressed."""

    def __init__(self, theme: Theme, bar: QMenuBar) -> None:
        super().__init__()
        self._theme = theme
        self._bar = bar
        self.command_box = CommandBox(theme)
        self._row = Row(theme, gap=4)
        self._row.addWidget(self.command_box)
        self.setLayout(self._row)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fit)
        bar.setCornerWidget(self)
        self._fit_height()
        bar.installEventFilter(self)
        theme.changed.connect(self._fit_height)

    def add(self, widget: QWidget) -> None:
        """Show something beside the field."""
        self._row.addWidget(widget)
        self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ALTERING:
            self._soon.start()
        return super().eventFilter(watched, event)

    def _fit_height(self) -> None:
        self._bar.setFixedHeight(self._theme.measure("menu-bar"))
        self._soon.start()

    def _fit(self) -> None:
        # Qt says how wide its menus are only together with their corner.
        menus = self._bar.sizeHint().width() - self.minimumSizeHint().width()
        others = self.sizeHint().width() - self.command_box.sizeHint().width()
        self.command_box.set_room(self._bar.width() - menus - others)
        self._row.activate()
        # Qt looks anew where the menus have room only when it is given the corner.
        self._bar.setCornerWidget(self)
