"""All accounts of a person beside each other: the headline of their page."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from saasdesk.records.history import AccountFacts, LicenceFacts
from saasdesk.ui.pages.people.account_card import AccountCard
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import clear_layout
from saasdesk.ui.widgets.scroll_area import ScrollArea

_NARROWEST = 236
_MOST_BESIDE = 5


class AccountStrip(QWidget):
    """Cards of equal width, in as many rows as they need."""

    account_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, *, columns: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # A pane that is always narrow says how many it wants; otherwise the width decides.
        self._fixed = columns
        self.cards: tuple[AccountCard, ...] = ()
        self._laid_out: tuple[AccountCard, ...] = ()
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._grid)
        theme.changed.connect(self._lay_out)

    def show_accounts(self, accounts: Sequence[AccountFacts], licences: Sequence[LicenceFacts]) -> None:
        """Show these accounts, each with its licences."""
        focused = next((card.account.id for card in self.cards if card.hasFocus()), None)
        clear_layout(self._grid)
        several = Counter(account.application for account in accounts)
        self.cards = tuple(
            AccountCard(
                self._theme,
                account,
                [licence for licence in licences if licence.account == account.id],
                is_wide=not self._fixed,
                title=_title(account, is_one_of_several=several[account.application] > 1),
            )
            for account in accounts
        )
        for card in self.cards:
            card.clicked.connect(lambda _checked=False, account=card.account: self.account_wanted.emit(account))
            card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            card.customContextMenuRequested.connect(partial(self._on_menu_wanted, card))
        self._lay_out()
        for card in self.cards:
            if card.account.id == focused:
                card.setFocus()

    def _on_menu_wanted(self, card: AccountCard, place: QPoint) -> None:
        self.menu_wanted.emit(card.account, card.mapToGlobal(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        self._grid.setSpacing(theme.px(8 if self._fixed else 12))
        room = max(1, self.width() // theme.px(_NARROWEST))
        columns = max(1, min(self._fixed or min(room, _MOST_BESIDE), len(self.cards)))
        if columns == self._columns and self.cards is self._laid_out:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns, self._laid_out = columns, self.cards
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)


class StripArea(ScrollArea):
    """The strip, as high as it is where there is room; in a low window, or with large letters, it scrolls.

    One row of cards can always be read whole.
    """

    def __init__(self, strip: AccountStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            # Cards that are new are seen, and have a height, only after they were put there.
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return self._strip.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        whole = self._strip.minimumSizeHint()
        row = max((card.sizeHint().height() for card in self._strip.cards), default=0)
        return QSize(whole.width(), min(whole.height(), row))


def _title(account: AccountFacts, *, is_one_of_several: bool) -> str:
    """Two organisations of one vendor are told apart by their integrations."""
    name, integration = account.application_name, account.integration
    if not is_one_of_several or not integration:
        return name
    return integration if name.casefold() in integration.casefold() else f"{name} · {integration}"
