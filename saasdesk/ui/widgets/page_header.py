"""The top of a page: its title, a word about it, and what can be done here."""

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
