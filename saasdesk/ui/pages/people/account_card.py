"""One account of a person as a card: where, how it stands, as what, and when it was last used. It opens the account."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.records.history import AccountFacts, LicenceFacts
from saasdesk.records.listing import AccountState
from saasdesk.ui.moments import counted, moment_in_words
from saasdesk.ui.tables.cells import status_of
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.tables.times import exact_time_with_zone, local_time, relative_time, shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import Status, StatusWord, status


class AccountCard(PaintedButton):
    """Says what is known, and says so where nothing is known. A wide one has its state beside the name."""

    def __init__(
        self,
        theme: Theme,
        account: AccountFacts,
        licences: Sequence[LicenceFacts] = (),
        *,
        is_wide: bool = False,
        title: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent=parent)
        self.account = account
        self._is_gone = account.state is AccountState.GONE
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        now = shown_now()
        word = account_status(account)
        held = [licence for licence in licences if not licence.has_ended]
        name = title or account.application_name
        activity, age = _activity(account, now), _age(account)
        self._body = Column(theme, gap=2, margins=(12, 10) if is_wide else (10, 10))
        role = account.role or _tr("No role known")
        self._lay_out(name, word, role, _licences(held), activity, age, is_wide=is_wide)
        parts = filter(None, (word.word, role, _licences(held), activity, age))
        self.setAccessibleName(visible_text(f"{name}: {', '.join(parts)}"))
        self.setAccessibleDescription(_tr("Opens the account in Software"))
        cut = [] if is_wide else [word.word]
        self.setToolTip(escaped_tip("\n".join([*cut, *_tip(account, held)])))

    def sizeHint(self) -> QSize:
        return self._body.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._body.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        radius = theme.measure("radius-large")
        fill = (
            "pressed" if self.isDown() else "hover" if self.underMouse() else "surface" if self._is_gone else "raised"
        )
        area = area_of(self)
        if self.has_ring:
            area = draw_focus_ring(painter, theme, area, radius)
        draw_box(painter, area, radius, theme.color(fill), theme.color("line-strong"), edge_width=theme.edge)

    def _lay_out(
        self, name: str, word: Status, role: str, licences: str, activity: str, age: str, *, is_wide: bool
    ) -> None:
        theme, account = self._theme, self.account
        tone = "muted" if self._is_gone else "text"
        column = self._body
        head = Row(theme, gap=8)
        head.addWidget(
            Monogram(theme, account.application_name, letters=mark_of(account.application_name), size=24, tile=True)
        )
        head.addWidget(PlainLabel(name, "strong", tone, elided=True), 1)
        state = StatusWord(theme, word, small=True)
        if is_wide:
            head.addWidget(state)
        column.addLayout(head)
        column.addSpacing(theme.px(4))
        if not is_wide:
            # A long word is cut rather than making its card wider than the others; the tip says all of it.
            state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column.addWidget(state)
        use = Row(theme, gap=8)
        use.addWidget(PlainLabel(role, "secondary", tone if account.role else "muted", elided=True), 1)
        if licences:
            use.addWidget(PlainLabel(licences, "secondary", "muted"))
        column.addLayout(use)
        texts = (f"{activity} · {_lower(age)}",) if is_wide else (activity, age)
        for text in texts:
            column.addWidget(PlainLabel(text, "secondary", "muted", elided=True))
        self.setLayout(column)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def account_status(account: AccountFacts) -> Status:
    """The word for how an account stands; one that a run took away is deactivated, whatever the vendor last said."""
    if account.state is AccountState.GONE:
        return status("deactivated")
    return status_of(account.status) if account.status else status("unknown")


def _licences(held: Sequence[LicenceFacts]) -> str:
    return counted(len(held), _tr("{0} licence"), _tr("{0} licences")) if held else ""


def _activity(account: AccountFacts, now: datetime) -> str:
    moment = local_time(account.last_activity) if account.last_activity else None
    if moment is None:
        return _tr("Activity unknown")
    return _tr("Active {0}").format(_lower(relative_time(moment, now)))


def _age(account: AccountFacts) -> str:
    if account.state is AccountState.GONE and account.deactivated_at:
        return _tr("Since {0}").format(_lower(moment_in_words(account.deactivated_at)))
    if account.read_at is None:
        return _tr("Not read since")
    return _tr("Read {0}").format(_lower(moment_in_words(account.read_at)))


def _tip(account: AccountFacts, held: Sequence[LicenceFacts]) -> list[str]:
    """What the card has no room for: whose account exactly, by which integration, with which licences."""
    used = local_time(account.last_activity) if account.last_activity else None
    lines = [
        " · ".join(filter(None, (account.name, account.email, account.vendor_id))),
        _tr("Last active {0}").format(exact_time_with_zone(used)) if used is not None else "",
        _tr("Fed by {0}").format(account.integration) if account.integration else "",
        account.deactivated_reason,
        *(licence.product or licence.licence_id for licence in held),
    ]
    return [line for line in lines if line]


def _lower(text: str) -> str:
    """ "Today 02:00" within a sentence; "20 Nov" and names of months stay as they are."""
    return text[:1].lower() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountCard", text)
