"""The top of a page: its title, a word about it, and what can be done here."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class PageHeader(QWidget):
    """Title, then what belongs beside it, then at the right the actions."""

    def __init__(self, theme: Theme, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(title, "page-title", elided=True)
        self.subtitle = PlainLabel(subtitle, "body", "muted", elided=True)
        self._actions: list[QWidget] = []
        self._yielding: list[QWidget] = []
        self._row = Row(theme, gap=8)
        # Small words look right beside large ones when they stand a little lower than the middle.
        self._beside = Row(theme, gap=8, margins=(0, 3, 0, 0))
        self._row.addWidget(self.title)
        self._row.addSpacing(theme.px(4))
        self._row.addLayout(self._beside)
        self._beside.addWidget(self.subtitle)
        self._row.addStretch(1)
        self.setLayout(self._row)
        self.subtitle.setVisible(bool(subtitle))

    def set_subtitle(self, text: str) -> None:
        """Say something else beside the title."""
        self.subtitle.set_text(text)
        self.subtitle.setVisible(bool(text))

    def add_beside(self, *widgets: QWidget) -> None:
        """Put tags, status words or links beside the title."""
        for widget in widgets:
            self._beside.addWidget(widget)

    def add_actions(self, *widgets: QWidget) -> None:
        """Put buttons and fields at the right."""
        for widget in widgets:
            self._row.addWidget(widget)
            self._actions.append(widget)

    def let_give_way(self, *widgets: QWidget) -> None:
        """Take these actions away where there is too little room, the first ones first: the menus have them too."""
        self._yielding += [widget for widget in widgets if not _is_put_away(widget)]
        self._fit()

    def minimumSizeHint(self) -> QSize:
        # What gives way keeps nobody from making the page narrower.
        hint = super().minimumSizeHint()
        seen = [widget for widget in self._yielding if widget.isVisibleTo(self)]
        hint.setWidth(hint.width() - sum(each.minimumSizeHint().width() + self._row.spacing() for each in seen))
        hint.setWidth(hint.width() - max(0, self.title.minimumWidth() - self.title.minimumSizeHint().width()))
        return hint

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        # What stands beside the title is cut before the title is: it says where one is.
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), self.width() // 3))
        if not self._yielding:
            return
        kept = [widget for widget in self._actions if widget not in self._yielding and not _is_put_away(widget)]
        words = [self.title, *([self.subtitle] if self.subtitle.text() else [])]
        room = self.width() - sum(widget.sizeHint().width() + self._row.spacing() for widget in (*words, *kept))
        for widget in reversed(self._yielding):
            room -= widget.sizeHint().width() + self._row.spacing()
            if widget.isVisibleTo(self) != (room >= 0):
                widget.setVisible(room >= 0)


def _is_put_away(widget: QWidget) -> bool:
    """Whether somebody hid it; what was not shown yet counts as hidden for Qt alone."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
