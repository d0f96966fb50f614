"""The first page: what needs a decision, the figures that matter, and what happened lately."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QPushButton, QWidget

from saasdesk.jobs import Ended, Message
from saasdesk.licences.priced_lists import ListObject
from saasdesk.licences.reclaim import ReclaimList, list_reclaims
from saasdesk.licences.seats import Findings, read_findings
from saasdesk.reports.dashboards.board import Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Mark, figure_of
from saasdesk.services import Services
from saasdesk.sync.integrations import list_integrations
from saasdesk.sync.latest import latest_good_reading
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.dashboards.behind import open_behind
from saasdesk.ui.pages.dashboards.figure_card import FigureCard
from saasdesk.ui.pages.home.attention import LEFT_BUT_ACTIVE, Attention, read_attention
from saasdesk.ui.pages.home.recent import Happening, read_recent
from saasdesk.ui.pages.home.saving_card import SavingCard
from saasdesk.ui.pages.reclaim.lane_cards import LaneCards
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.tag import Tag

_SOON_MILLISECONDS = 400
_CARD_HEIGHT, _CHART_HEIGHT = 112, 232
_ROOM_FOR_FOUR = 800


@dataclass(frozen=True, slots=True)
class _Contents:
    attention: list[Attention]
    recent: list[Happening]
    findings: Findings
    lists: list[ReclaimList]
    read_at: datetime | None
    has_integrations: bool


def home_widgets() -> tuple[Widget, ...]:
    """The figures of the page that count records: three numbers, and how the accounts of each application are used."""
    return (
        Widget(title="Active people", kind=WidgetKind.NUMBER),
        Widget(title="SaaS accounts", kind=WidgetKind.NUMBER, object=ListObject.SAAS_USERS),
        Widget(title="Leavers still active", kind=WidgetKind.NUMBER, records="deactivated", filter=LEFT_BUT_ACTIVE),
        Widget(
            title="Accounts in use",
            kind=WidgetKind.STACKED,
            object=ListObject.SAAS_USERS,
            group_by="saas_application",
            split_by="last_activity",
            bands=(60,),
        ),
    )


class HomePage(QWidget):
    """Reads in workers, and shows each part as soon as it is there."""

    title = "Home"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        *,
        connect_vendor: Callable[[], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._connect_vendor = connect_vendor
        self._reading = Reading(readers, self)
        self._age = ""
        self._is_stale = True
        self._columns = 0
        self._shown: list[Attention] | None = None
        self._recent_shown: list[Happening] | None = None
        self._build()
        self._soon = soon(self, _SOON_MILLISECONDS, self._refresh_if_seen)
        bridge.heard.connect(self._on_heard)

    # What the frame asks

    def refresh(self) -> None:
        """Read everything again."""
        self._is_stale = False
        services = self._services
        today = datetime.now().astimezone().date()
        self.header.set_subtitle(QLocale().toString(QDate(today.year, today.month, today.day), "dddd d MMMM"))

        def read(stop: threading.Event) -> _Contents:
            store = services.store
            findings = read_findings(store, stop)
            return _Contents(
                read_attention(services, findings, stop),
                read_recent(store),
                findings,
                list_reclaims(store),
                latest_good_reading(store),
                bool(list_integrations(store)),
            )

        self._reading.ask("home", read, self._show, self._show_failure)
        for place, card in enumerate(self.cards):
            widget = card.widget
            self._reading.ask(
                f"figure {place}",
                lambda stop, wanted=widget: figure_of(services.store, wanted, stop),  # type: ignore[misc]
                lambda figure, shown=card: shown.show_figure(figure, self._age),  # type: ignore[misc]
                card.show_failure,
            )

    def open(self, argument: object) -> None:
        """There is only one Home."""
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """Nothing but what every page has."""
        return ()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("home-page")
        self.header = PageHeader(theme, self.tr("Home"))
        self.count = Tag(theme, "0")
        heading = Row(theme, gap=8)
        heading.addWidget(PlainLabel(self.tr("Needs attention"), "section"))
        heading.addWidget(self.count)
        heading.addStretch(1)
        self.attention = Card(theme, gap=0, margins=(0, 0))
        self.cards = [FigureCard(theme, widget) for widget in home_widgets()]
        self.saving = SavingCard(theme)
        self.saving.opened.connect(lambda: self._frame.navigate("reclaim"))
        for card in self.cards:
            card.opened.connect(self._on_mark_opened)
        self._figures = QGridLayout()
        self._figures.setContentsMargins(0, 0, 0, 0)
        self.recent = self._make_recent()
        self.lanes = LaneCards(theme)
        self.lanes.lane_wanted.connect(lambda lane: self._frame.navigate("reclaim", ("lane", lane)))
        self.lanes.lists_wanted.connect(lambda: self._frame.navigate("reclaim", ("lists",)))
        self.lanes.set_compact(is_compact=True)
        self._reclaim = QWidget()
        reclaim = Column(theme, gap=12)
        heading_of_it = Row(theme, gap=8)
        heading_of_it.addWidget(PlainLabel(self.tr("Licence reclaim"), "section"))
        heading_of_it.addWidget(Tag(theme, self.tr("a month; potential until it is approved")))
        heading_of_it.addStretch(1)
        reclaim.addLayout(heading_of_it)
        reclaim.addWidget(self.lanes)
        self._reclaim.setLayout(reclaim)
        self._empty = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("Nothing is connected yet"),
            self.tr("Connect a vendor, and here is each morning what needs a decision and what changed."),
            self._empty_buttons(),
            icon="home",
        )
        self._filled = QWidget()
        column = Column(theme, gap=16)
        column.addLayout(heading)
        column.addWidget(self.attention)
        column.addLayout(self._figures)
        column.addWidget(self._reclaim)
        column.addWidget(self.recent)
        column.addStretch(1)
        self._filled.setLayout(column)
        content = QWidget()
        whole = Column(theme, gap=12, margins=(24, 16, 24, 24))
        whole.addWidget(self.header)
        whole.addWidget(self._filled)
        whole.addWidget(self._empty, 1)
        content.setLayout(whole)
        self._empty.hide()
        outer = Column(theme, gap=0)
        outer.addWidget(ScrollArea(content))
        self.setLayout(outer)
        theme.changed.connect(self._fit)
        self._fit()

    def _empty_buttons(self) -> tuple[QPushButton, ...]:
        connect = PrimaryButton(self._theme, self.tr("Connect a vendor…"), icon="integrations")
        connect.clicked.connect(self._connect_vendor)
        others = LinkButton(self._theme, self.tr("Other ways to begin"))
        others.clicked.connect(lambda: self._frame.navigate("start"))
        return (connect, others)

    def _make_recent(self) -> Card:
        theme = self._theme
        card = Card(theme, gap=4)
        everything = LinkButton(theme, self.tr("All activity"))
        everything.clicked.connect(lambda: self._frame.navigate("activity"))
        card.add_title(self.tr("Recent activity"), everything)
        self.happenings = LineTable(
            theme,
            self.tr("Recent activity"),
            (
                Heading(self.tr("State"), width=208),
                Heading(self.tr("What")),
                Heading(self.tr("Changes")),
                Heading(self.tr("Started by"), width=152, from_width=760),
                Heading(self.tr("When"), width=152, at_right=True),
            ),
            compact=True,
        )
        self.happenings.setObjectName("card_table")
        self.happenings.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.happenings.opened.connect(self._on_happening_opened)
        card.body.addWidget(self.happenings)
        self._no_activity = PlainLabel(self.tr("Nothing has happened yet."), "body", "muted")
        card.body.addWidget(self._no_activity)
        return card

    # Showing

    def _show(self, contents: _Contents) -> None:
        self._filled.setVisible(contents.has_integrations)
        self._empty.setVisible(not contents.has_integrations)
        self._age = moment_in_words(contents.read_at.isoformat()) if contents.read_at is not None else ""
        for card in self.cards:
            if card.figure is not None:
                card.show_figure(card.figure, self._age)
        self.saving.show_findings(contents.findings)
        self.lanes.show_figures(contents.findings, contents.lists)
        if contents.attention != self._shown:
            self._shown = contents.attention
            self._show_attention(contents.attention)
        if contents.recent != self._recent_shown:
            # Whoever walks the lines keeps their place while nothing new has happened.
            self._recent_shown = contents.recent
            self.happenings.show_lines([_line(each) for each in contents.recent])
        self.happenings.setVisible(bool(contents.recent))
        self._no_activity.setVisible(not contents.recent)
        self._fit_recent()

    def _show_attention(self, attention: list[Attention]) -> None:
        theme = self._theme
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.attention.isAncestorOf(focus)
        clear_layout(self.attention.body)
        self.count.set_text(str(len(attention)))
        self.count.setVisible(bool(attention))
        self.buttons: list[OutlinedButton | PrimaryButton] = []
        if not attention:
            calm = Row(theme, gap=12, margins=(16, 10))
            calm.addWidget(IconLabel(theme, "ok", "ok", size=18))
            calm.addWidget(PlainLabel(self.tr("Nothing needs your attention."), "body"), 1)
            self.attention.body.addLayout(calm)
        for place, each in enumerate(attention):
            if place:
                self.attention.body.addWidget(Hairline(theme))
            self.attention.body.addLayout(self._attention_row(each, is_first=place == 0))
        if had_keyboard and self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _attention_row(self, each: Attention, *, is_first: bool) -> Row:
        theme = self._theme
        row = Row(theme, gap=12, margins=(16, 8))
        row.addWidget(IconLabel(theme, each.icon, each.tone, size=18))
        title = PlainLabel(each.title, "strong", elided=True)
        detail = PlainLabel(each.detail, "body", "muted", elided=True)
        row.addWidget(title, 0)
        row.addWidget(detail, 1)
        button = (PrimaryButton if is_first else OutlinedButton)(theme, each.action)
        button.setAccessibleName(visible_text(f"{each.action}: {each.title}"))
        button.setAccessibleDescription(each.detail)
        button.clicked.connect(partial(self._frame.navigate, each.page, each.argument))
        self.buttons.append(button)
        row.addWidget(button)
        return row

    def _show_failure(self, reason: str) -> None:
        self._frame.toast(reason, "error")

    # Fitting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _fit(self) -> None:
        theme = self._theme
        columns = 4 if self.width() >= theme.px(_ROOM_FOR_FOUR) else 2
        *figures, chart = self.cards
        numbers: list[Card] = [*figures, self.saving]
        for card in numbers:
            card.setFixedHeight(theme.px(_CARD_HEIGHT))
        chart.setFixedHeight(theme.px(_CHART_HEIGHT))
        self._figures.setSpacing(theme.px(16))
        self._fit_recent()
        # Four lanes need room; where there is none, the potential saving leads to them.
        self._reclaim.setVisible(columns == 4)
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(4):
            self._figures.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(numbers):
            self._figures.addWidget(card, place // columns, place % columns)
        self._figures.addWidget(chart, len(numbers) // columns, 0, 1, columns)

    def _fit_recent(self) -> None:
        self.happenings.setFixedHeight(self.happenings.height_of_all())

    # Answers to signals

    def _on_mark_opened(self, mark: Mark) -> None:
        open_behind(self._frame, mark)

    def _on_happening_opened(self, happening: Happening) -> None:
        self._frame.navigate(happening.page, happening.argument)

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended):
            self._is_stale = True
            self._soon.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()


def _line(happening: Happening) -> Line:
    return Line(
        (
            Cell(status=happening.status),
            Cell(happening.name, role="name"),
            Cell(happening.detail, "muted"),
            Cell(happening.by, "muted"),
            Cell(happening.when, "muted", at_right=True),
        ),
        happening,
    )
