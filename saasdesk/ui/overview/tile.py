"""The parts of a tile: its head with the name, the lines of facts, and the foot with the one thing to do next."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from saasdesk.ui.overview.menu import Say
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, PaintedButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord, status

_HEIGHT = 184
_LINES = 3
_LABEL_WIDTH = 72


class OverviewTile(Card):
    """A card as high as all others, which says what was pressed; F2 is a wish, too."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, gap=8, margins=(16, 12))
        self.may_be_renamed = True
        theme.changed.connect(self._set_height)
        self._set_height()

    def say(self, wish: str) -> None:
        """Tell the page what is wished."""
        self.pressed.emit(wish)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and self.may_be_renamed:
            self.say("rename")
            return
        super().keyPressEvent(event)

    def _set_height(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))


class NameButton(LinkButton):
    """The name of a thing, which leads to its page; a long one ends in an ellipsis."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", inline=True, role="card-title")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(self._theme.px(64), hint.width()), hint.height())

    def _colors(self) -> tuple[str, str, str]:
        return "", "", "text"


class TileHead(Row):
    """A picture, the name with a line below it, the state, and the button of the menu."""

    def __init__(self, theme: Theme, picture: QWidget, what_the_name_does: str) -> None:
        super().__init__(theme, gap=9)
        self.name = NameButton(theme)
        self.name.setAccessibleDescription(what_the_name_does)
        self.subtitle = PlainLabel("", "secondary", "muted", elided=True)
        self.state = StatusWord(theme, status("active"))
        self.more = IconButton(theme, "more", self.tr("More actions"), size=24)
        upper = Row(theme, gap=4)
        upper.addWidget(self.name)
        upper.addStretch(1)
        upper.addWidget(self.state)
        upper.addWidget(self.more)
        words = Column(theme, gap=0)
        words.addLayout(upper)
        words.addWidget(self.subtitle)
        self.addWidget(picture)
        self.addLayout(words, 1)
        theme.changed.connect(self._indent)
        self._indent()

    def say(self, name: str, subtitle: str) -> None:
        """Say what the tile is about; out of it, in a list of buttons, its menu must say so too."""
        self.name.setText(name)
        self.subtitle.set_text(subtitle)
        self.more.setAccessibleName(f"{self.tr('More actions')}: {name}")

    def _indent(self) -> None:
        # The name is a link with room for its focus ring: what stands under it begins where its letters do.
        self.subtitle.setContentsMargins(self._theme.px(3), 0, 0, 0)


class TileLines(Column):
    """A few facts, each with its label."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, gap=4)
        self._lines: list[tuple[PlainLabel, PlainLabel]] = []
        for _ in range(_LINES):
            label, text = PlainLabel("", "secondary", "muted"), PlainLabel("", "secondary", elided=True)
            row = Row(theme, gap=4)
            row.addWidget(label)
            row.addWidget(text, 1)
            self.addLayout(row)
            self._lines.append((label, text))
        theme.changed.connect(self._align)
        self._align()

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What stands there now."""
        return [(label.text(), text.text()) for label, text in self._lines if text.isVisible()]

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these, as many of them as there is room for."""
        for position, (label, text) in enumerate(self._lines):
            is_used = position < len(lines)
            label.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                label.set_text(lines[position][0])
                text.set_text(lines[position][1])

    def _align(self) -> None:
        for label, _ in self._lines:
            label.setFixedWidth(self._theme.px(_LABEL_WIDTH))


class TileFoot(Row):
    """Buttons at the left, links at the right, each with the wish that it says; a few of them are shown."""

    def __init__(
        self,
        theme: Theme,
        buttons: Sequence[tuple[PaintedButton, str]],
        links: Sequence[tuple[PaintedButton, str]],
        say: Say,
    ) -> None:
        # The last link ends where the card's edge of text is.
        super().__init__(theme, gap=8, margins=(0, 0, -8, 0))
        for button, _ in buttons:
            self.addWidget(button)
        self.addStretch(1)
        for link, _ in links:
            self.addWidget(link)
        for button, wish in (*buttons, *links):
            button.clicked.connect(lambda _checked=False, wish=wish: say(wish))
        self.buttons = tuple(button for button, _ in (*buttons, *links))

    def name_after(self, name: str) -> None:
        """Let each button say what it is about."""
        for button in self.buttons:
            button.setAccessibleName(f"{button.label}: {name}")

    def show_only(self, shown: Mapping[PaintedButton, bool]) -> PaintedButton | None:
        """Show these buttons; the one to which the keyboard should go, where it stood on one that is gone now."""
        focus = QApplication.focusWidget()
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
        if any(button is focus and not is_shown for button, is_shown in shown.items()):
            return next((button for button, is_shown in shown.items() if is_shown), None)
        return None
