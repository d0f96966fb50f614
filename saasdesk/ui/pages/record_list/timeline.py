"""Events below each other on a line: an icon in a circle, what happened, when, and the run it came from."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.moments import day_in_words, moment_in_words
from saasdesk.ui.pages.record_list.story import Entry, Step
from saasdesk.ui.tables.times import exact_time_with_zone, local_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel

_NODE = 20
_TEXT_AT = 28
_LONGEST_VALUE = 120


class TimelineEntry(QWidget):
    """One event; `open_session` goes to the run, where there was one."""

    def __init__(
        self,
        theme: Theme,
        entry: Entry,
        open_session: Callable[[int], object],
        *,
        is_last: bool,
        surface: str,
        says_day: bool = True,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._entry = entry
        self._is_last = is_last
        self._surface = surface
        words = Column(theme, gap=0, margins=(_TEXT_AT, 0, 0, 12))
        if len(entry.steps) == 1:
            # One value that became another says by itself what happened.
            words.addWidget(Paragraph(theme, *_runs(entry.steps[0])))
        else:
            words.addWidget(Paragraph(theme, entry.title))
            for step in entry.steps:
                words.addWidget(Paragraph(theme, *_runs(step), role="secondary"))
        if entry.reason:
            words.addWidget(Paragraph(theme, entry.reason, role="secondary", tone="muted"))
        words.addLayout(self._origin(open_session, says_day=says_day))
        self.setLayout(words)

    def _origin(self, open_session: Callable[[int], object], *, says_day: bool) -> Row:
        entry = self._entry
        row = Row(self._theme, gap=0)
        moment = local_time(entry.at)
        words = moment_in_words(entry.at) if says_day or moment is None else f"{moment:%H:%M}"
        when = PlainLabel(words, "secondary", "muted", digits=True)
        if moment is not None:
            when.setToolTip(exact_time_with_zone(moment))
        row.addWidget(when)
        row.addWidget(PlainLabel(" · ", "secondary", "muted"))
        session = entry.session
        if session is None:
            row.addWidget(PlainLabel(entry.source, "secondary", "muted", elided=True), 1)
        else:
            self.link = LinkButton(self._theme, entry.source, inline=True, role="secondary")
            self.link.setAccessibleName(
                self.tr("Open the sync session of {0}, {1}").format(entry.source, moment_in_words(entry.at))
            )
            self.link.clicked.connect(lambda: open_session(session))
            row.addWidget(self.link)
        row.addStretch(1)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        side = theme.px(_NODE)
        left = self.width() - side if self.isRightToLeft() else 0
        node = QRect(left, 0, side, side)
        if not self._is_last:
            middle = left + side // 2
            painter.fillRect(middle, side, theme.edge, self.height() - side, theme.color("line-strong"))
        draw_box(
            painter,
            QRectF(node),
            side / 2,
            theme.color(self._surface),
            theme.color("line-strong"),
            edge_width=theme.edge,
        )
        theme.paint_icon(painter, node, self._entry.icon, self._entry.token, 11)


class Timeline(QWidget):
    """The latest events of something, newest first."""

    def __init__(self, theme: Theme, open_session: Callable[[int], object], *, surface: str = "bg") -> None:
        super().__init__()
        self._theme = theme
        self._open_session = open_session
        self._surface = surface
        self._column = Column(theme, gap=0)
        self.setLayout(self._column)

    def show_entries(self, entries: Sequence[Entry], *, by_day: bool = False) -> None:
        """Show other events; `by_day` puts a heading over those of each day."""
        clear_layout(self._column)
        shown = ""
        for entry in entries:
            day = day_in_words(entry.at) if by_day else ""
            if day != shown:
                shown = day
                heading = PlainLabel(day, "secondary-strong", "muted")
                heading.setContentsMargins(self._theme.px(_TEXT_AT), self._theme.px(4), 0, self._theme.px(8))
                self._column.addWidget(heading)
            self._column.addWidget(
                TimelineEntry(
                    self._theme,
                    entry,
                    self._open_session,
                    is_last=entry is entries[-1],
                    surface=self._surface,
                    says_day=not by_day,
                )
            )


def _runs(step: Step) -> Sequence[str | Run]:
    before, after = _short(step.before), _short(step.after)
    empty = QCoreApplication.translate("Timeline", "empty")
    return (f"{step.label}: ", Run(before or empty, tone="muted"), Run(" → ", tone="muted"), after or empty)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
