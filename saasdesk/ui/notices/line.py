"""One notice in the list of the bell."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.notices import Notice, NoticeKind
from saasdesk.ui.formats import days_as_chosen
from saasdesk.ui.tables.times import exact_time, local_time, relative_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel

_LOOKS = {
    NoticeKind.RUN_FAILED: ("error", "error"),
    NoticeKind.NOT_FINISHED: ("hourglass", "warn"),
    NoticeKind.STALLED: ("hourglass", "warn"),
    NoticeKind.SLOT_MISSED: ("clock", "warn"),
    NoticeKind.PLAN_HELD: ("shield", "warn"),
    NoticeKind.KEY_EXPIRES: ("key", "warn"),
    NoticeKind.RENEWAL: ("calendar", "warn"),
    NoticeKind.MAIL: ("mail", "warn"),
    NoticeKind.CLOCK: ("clock", "warn"),
    NoticeKind.WORKFLOW: ("info", "accent"),
    NoticeKind.REPORT: ("reports", "warn"),
}


class NoticeLine(QWidget):
    """What happened, since when and how often, the way to its place, and whether it was read."""

    opened = Signal(object)
    turned = Signal(object)

    def __init__(self, theme: Theme, notice: Notice) -> None:
        super().__init__()
        self._theme = theme
        self.notice = notice
        title = days_as_chosen(notice.title)
        self.setAccessibleName(title)
        icon, tone = ("ok", "ok") if notice.solved_at else _LOOKS[notice.kind]
        words = Column(theme, gap=2)
        words.addWidget(Paragraph(theme, Run(title, strong=notice.is_unread)))
        words.addWidget(Paragraph(theme, days_as_chosen(notice.body), role="secondary", tone="muted"))
        words.addWidget(PlainLabel(when(notice, datetime.now().astimezone()), "secondary", "muted", elided=True))
        links = Row(theme, gap=16)
        self.place = LinkButton(theme, _way(notice), inline=True, role="secondary")
        self.place.setAccessibleName(f"{_way(notice)}: {title}")
        self.place.clicked.connect(lambda: self.opened.emit(self.notice))
        turn = self.tr("Mark as read") if notice.is_unread else self.tr("Mark as unread")
        self.turn = LinkButton(theme, turn, inline=True, role="secondary")
        self.turn.setAccessibleName(f"{turn}: {title}")
        self.turn.clicked.connect(lambda: self.turned.emit(self.notice))
        links.addWidget(self.place)
        links.addWidget(self.turn)
        links.addStretch(1)
        words.addLayout(links)
        row = Row(theme, gap=12, margins=(16, 12, 16, 10))
        row.addWidget(IconLabel(theme, icon, tone, size=18), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setLayout(row)
        # Only now: shown before it has a parent, it would be a window of its own.
        self.place.setVisible(bool(notice.link))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.notice.is_unread:
            # A bar at the side, as the rail marks where one is: not by colour alone, the title is strong too.
            painter, theme = QPainter(self), self._theme
            width = theme.measure("accent-bar")
            left = self.width() - width if self.isRightToLeft() else 0
            painter.fillRect(left, theme.px(12), width, self.height() - theme.px(22), theme.color("accent"))


def when(notice: Notice, now: datetime) -> str:
    """Since when, how often, and whether it was seen to."""
    first, last = local_time(notice.first_at), local_time(notice.last_at)
    parts = [relative_time(last, now) if last else notice.last_at]
    if notice.count > 1 and first is not None:
        parts.append(_tr("{0} times since {1}").format(notice.count, exact_time(first)))
    if notice.solved_at:
        parts.append(_tr("seen to"))
    return " · ".join(parts)


def _way(notice: Notice) -> str:
    match notice.place[0]:
        case "activity":
            return _tr("Show the run")
        case "plan":
            return _tr("Review the plan")
        case "integration":
            return _tr("Open the integration")
        case "configuration":
            return _tr("Open the credentials")
        case "settings":
            return _tr("Open the settings")
        case _:
            return _tr("Open")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Notices", text)
