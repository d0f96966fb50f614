"""A message that belongs to the page, with the buttons that answer it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph, Run

_ICONS = {"info": "info", "ok": "ok", "warn": "warning", "error": "error"}
_TOKENS = {"info": "accent", "ok": "ok", "warn": "warn", "error": "error"}


class Banner(QFrame):
    """Kinds: info, ok, warn, error. The lead is strong, the rest explains; buttons follow at the right."""

    def __init__(
        self,
        theme: Theme,
        kind: str,
        lead: str = "",
        text: str = "",
        *,
        buttons: tuple[QPushButton, ...] = (),
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self._own_icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = Row(theme, gap=12, margins=(14, 10))
        self._icon = IconLabel(theme, "info", size=20)
        self._text = Paragraph(theme)
        self._buttons = Row(theme, gap=12)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addLayout(self._buttons)
        row.setAlignment(self._icon, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(row)
        self.say(kind, lead, text, buttons)

    @property
    def text(self) -> str:
        """Everything that is said."""
        return self._text.text()

    def say(self, kind: str, lead: str, text: str = "", buttons: tuple[QPushButton, ...] = ()) -> None:
        """Show another message with other buttons."""
        self._kind = kind
        self._icon.set_icon(self._own_icon or _ICONS[kind], _TOKENS[kind])
        self._text.set_runs(
            Run(lead, strong=True), *([Run(f" {text}")] if lead and text else [Run(text)] if text else [])
        )
        self.setAccessibleName(self._text.text())
        clear_layout(self._buttons)
        for button in buttons:
            self._buttons.addWidget(button)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        token = _TOKENS[self._kind]
        draw_box(
            QPainter(self),
            area_of(self),
            theme.measure("radius"),
            theme.color(f"{token}-tint"),
            theme.color(token),
            edge_width=theme.edge,
        )
