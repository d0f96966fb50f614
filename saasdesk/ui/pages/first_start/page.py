"""What a new profile shows: three equal ways to begin, and what the program promises."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.profile import Profile
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.first_start.restoring import RestoreQuestion
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.tag import Tag

_CARD_WIDTH, _CARD_HEIGHT = 320, 328
_PICTURE_WIDTH, _PICTURE_HEIGHT = 272, 96
_GAP = 24


class Picture(QWidget):
    """One of the line drawings, in the colours of the theme; it only decorates."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        theme.changed.connect(self._rescale)
        self._rescale()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_PICTURE_WIDTH), self._theme.px(_PICTURE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._theme.picture(self._name, _PICTURE_WIDTH, _PICTURE_HEIGHT, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, picture)

    def _rescale(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()


class _StartCard(Card):
    """One way to begin; it is ringed while its button has the keyboard."""

    def __init__(
        self, theme: Theme, picture: str, title: str, text: str, note: Sequence[QWidget], button: QPushButton
    ) -> None:
        super().__init__(theme, gap=0, margins=(24, 24))
        self.button = button
        self.body.addWidget(Picture(theme, picture))
        self.body.addSpacing(theme.px(20))
        self.body.addWidget(PlainLabel(title, "section"))
        self.body.addSpacing(theme.px(4))
        self.body.addWidget(Paragraph(theme, text, tone="muted"))
        self.body.addSpacing(theme.px(8))
        row = Row(theme, gap=6)
        for widget in note:
            row.addWidget(widget)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        button.setAccessibleDescription(text)
        button.installEventFilter(self)
        theme.changed.connect(self._rescale)
        self._rescale()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.set_edge(CardEdge.CHOSEN)
        elif event.type() == QEvent.Type.FocusOut:
            self.set_edge(CardEdge.PLAIN)
        return super().eventFilter(watched, event)

    def _rescale(self) -> None:
        self.setFixedWidth(self._theme.px(_CARD_WIDTH))
        self.setMinimumHeight(self._theme.px(_CARD_HEIGHT))


class _Promises(QFrame):
    """One quiet line."""

    def __init__(self, theme: Theme, promises: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._theme = theme
        row = Row(theme, gap=8, margins=(24, 16))
        for place, (icon, text) in enumerate(promises):
            if place:
                row.addSpacing(theme.px(20))
            row.addWidget(IconLabel(theme, icon))
            row.addWidget(PlainLabel(text, elided=place == 0))
        row.addStretch(1)
        self.setLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        radius = theme.measure("radius-large")
        draw_box(QPainter(self), area_of(self), radius, None, theme.color("line"), edge_width=theme.edge)


class FirstStartPage(QWidget):
    """Shown while the profile has no integration. The safe way to begin is the first one, and has the keyboard."""

    title = "Welcome"
    bare = True

    def __init__(
        self,
        profile: Profile,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        *,
        explore_demo: Callable[[], object],
        connect_vendor: Callable[[], object],
        restore: Callable[[Path], object],
    ) -> None:
        super().__init__()
        self._profile = profile
        self._frame = frame
        self._theme = theme
        self._explore_demo = explore_demo
        self._connect_vendor = connect_vendor
        self.restoring = RestoreQuestion(theme, readers, profile, self, restore, self._on_restore_refused)
        self._build()

    # What the frame asks

    def refresh(self) -> None:
        """Nothing here is read from anywhere."""

    def open(self, argument: object) -> None:
        """Take back what was said about a file that could not be restored."""
        self.error.clear()

    def breadcrumb(self) -> Sequence[Crumb]:
        """There is no way to show."""
        return ()

    def commands(self) -> Sequence[Command]:
        """Two of the three ways, for the menus and the palette; the demo is a command of the whole program."""
        return (
            Command(self.tr("Connect a vendor…"), self._connect_vendor, "Ctrl+N", "integrations", "File"),
            Command(self.tr("Restore a backup…"), self._on_restore_clicked, "", "restore", "File"),
        )

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("first-start-page")
        self.demo_button = PrimaryButton(theme, self.tr("Explore the demo"), icon="play")
        self.connect_button = OutlinedButton(theme, self.tr("Connect a vendor…"), icon="integrations")
        self.restore_button = OutlinedButton(theme, self.tr("Restore…"), icon="restore")
        self._grid = QGridLayout()
        self._all_cards = self._cards()
        self.error = InlineError(theme, self.restore_button)
        promises = _Promises(
            theme,
            [
                ("database", self.tr("Data stays in {0}").format(_as_usual(self._profile.folder))),
                ("key", self.tr("Keys stay in this computer's keyring")),
                ("shield", self.tr("No account, no telemetry")),
            ],
        )
        middle = Column(theme, gap=_GAP)
        middle.addLayout(self._heading())
        middle.addLayout(self._grid)
        middle.addWidget(self.error)
        middle.addWidget(promises)
        across = Row(theme, gap=0, margins=(24, 24))
        across.addStretch(1)
        across.addLayout(middle)
        across.addStretch(1)
        content = QWidget()
        upright = Column(theme, gap=0)
        upright.addStretch(2)
        upright.addLayout(across)
        upright.addStretch(3)
        content.setLayout(upright)
        scroll = ScrollArea(content)
        content.setAutoFillBackground(False)
        whole = Column(theme, gap=0)
        whole.addWidget(scroll)
        self.setLayout(whole)
        self._place_cards()
        theme.changed.connect(self._place_cards)
        self.setFocusProxy(self.demo_button)
        self.demo_button.clicked.connect(self._explore_demo)
        self.connect_button.clicked.connect(self._connect_vendor)
        self.restore_button.clicked.connect(self._on_restore_clicked)

    def _heading(self) -> Row:
        theme = self._theme
        mark = QLabel()
        mark.setPixmap(self.windowIcon().pixmap(theme.px(48), theme.px(48)))
        mark.setAccessibleName("saasdesk")
        words = Column(theme, gap=0)
        words.addWidget(PlainLabel(self.tr("Welcome to saasdesk"), "figure"))
        words.addWidget(
            PlainLabel(
                self.tr("Who has which account, in which role, and since when — on this computer."), tone="muted"
            )
        )
        row = Row(theme, gap=16)
        row.addWidget(mark)
        row.addLayout(words, 1)
        return row

    def _cards(self) -> Sequence[_StartCard]:
        theme = self._theme
        vendors = ", ".join(connector.title for connector in CONNECTORS.values())
        return (
            _StartCard(
                theme,
                "demo",
                self.tr("Explore the demo company"),
                self.tr("250 invented people, served by a simulated {0}. Change anything.").format(vendors),
                (
                    Tag(theme, self.tr("DEMO"), "demo"),
                    PlainLabel(self.tr("no network · a profile of its own"), "secondary"),
                ),
                self.demo_button,
            ),
            _StartCard(
                theme,
                "connect",
                self.tr("Connect a vendor"),
                self.tr("{0}: from the key to the first plan, nothing written before you have seen it.").format(
                    vendors
                ),
                (IconLabel(theme, "clock"), PlainLabel(self.tr("about 5 minutes and an API key"), "secondary")),
                self.connect_button,
            ),
            _StartCard(
                theme,
                "restore",
                self.tr("Restore a backup"),
                self.tr("Of this computer or of another one. Keys are entered again."),
                (IconLabel(theme, "folder"), PlainLabel(self.tr("a backup file (.db)"), "secondary")),
                self.restore_button,
            ),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards()

    def _place_cards(self) -> None:
        """Beside each other where there is room, else below."""
        theme = self._theme
        gap = theme.px(_GAP)
        fitting = (self.width() - 2 * gap + gap) // (theme.px(_CARD_WIDTH) + gap)
        columns = max(1, min(len(self._all_cards), fitting))
        self._grid.setSpacing(gap)
        for place, card in enumerate(self._all_cards):
            row, column = divmod(place, columns)
            self._grid.addWidget(card, row, column, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("surface"))

    # Answers to signals

    def _on_restore_clicked(self) -> None:
        self.error.clear()
        self.restoring.choose_file()

    def _on_restore_refused(self, reason: str) -> None:
        self.error.show_error(reason)
        self._frame.say(reason)


def _as_usual(folder: Path) -> str:
    """A folder as people write it: what lies in their own begins with ~, but on Windows nobody writes that."""
    home = Path.home()
    return str(folder) if sys.platform == "win32" or home not in folder.parents else f"~/{folder.relative_to(home)}"
