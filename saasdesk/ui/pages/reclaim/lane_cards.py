"""One card a lane: how many seats, what they cost a month, and of which applications most of it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.licences.reclaim import ReclaimList, sum_given
from saasdesk.licences.seats import Figure, Findings, Lane
from saasdesk.ui.money import figure_text, money_text, seats_text, unpriced_text
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel

_SHOWN_APPLICATIONS = 2


@dataclass(frozen=True, slots=True)
class LaneLook:
    """The icon of a lane, its colour, and what it means."""

    icon: str
    tone: str
    meaning: str


class LaneCard(Card):
    """A card with a coloured upper edge; `wanted` asks for its seats."""

    wanted = Signal()

    def __init__(self, theme: Theme, title: str, look: LaneLook) -> None:
        super().__init__(theme, gap=4, margins=(16, 12, 16, 8))
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.count = PlainLabel("", "body", "muted", digits=True, elided=True)
        head = Row(theme, gap=8)
        head.addWidget(IconLabel(theme, look.icon, look.tone, size=16))
        head.addWidget(PlainLabel(title, "strong"))
        head.addWidget(self.count, 1)
        self.amount = PlainLabel("", "section", digits=True, elided=True)
        self.note = PlainLabel("", "secondary", "muted", elided=True)
        self.show_seats = LinkButton(theme, self.tr("Show these seats"), inline=True)
        self.show_seats.setAccessibleName(self.tr("Show the seats of the lane {0}").format(title))
        self.show_seats.clicked.connect(self.wanted)
        self.setToolTip(look.meaning)
        self.body.addLayout(head)
        self.body.addWidget(self.amount)
        self.body.addWidget(self.note)
        self.lines = Column(theme, gap=2)
        self._names = [PlainLabel("", "secondary", elided=True) for _ in range(_SHOWN_APPLICATIONS)]
        self._amounts = [PlainLabel("", "secondary", digits=True) for _ in range(_SHOWN_APPLICATIONS)]
        for name, amount in zip(self._names, self._amounts, strict=True):
            row = Row(theme, gap=8)
            row.addWidget(name, 1)
            row.addWidget(amount)
            self.lines.addLayout(row)
        self._details = QWidget()
        self._details.setLayout(self.lines)
        self.body.addWidget(self._details)
        self.body.addWidget(self.show_seats, 0, Qt.AlignmentFlag.AlignLeft)

    def set_compact(self, *, is_compact: bool) -> None:
        """Where there is little height, the table below needs it more."""
        self.note.setHidden(is_compact)
        self._details.setHidden(is_compact)

    def show_figure(self, figure: Figure, applications: Sequence[tuple[str, Figure]]) -> None:
        """Show the lane's sums."""
        self.count.set_text(seats_text(figure.seats))
        self.amount.set_text(figure_text(figure))
        self.note.set_text(unpriced_text(figure))
        for place, (name, amount) in enumerate(zip(self._names, self._amounts, strict=True)):
            known = applications[place] if place < len(applications) else None
            name.set_text("" if known is None else f"{known[0]} · {seats_text(known[1].seats)}")
            amount.set_text("" if known is None or not known[1].priced else money_text(known[1].monthly))
        self.show_seats.setEnabled(bool(figure.seats))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        radius = self._theme.measure("radius")
        bar = self._theme.measure("accent-bar")
        area = self.rect().adjusted(radius, 0, -radius, 0)
        QPainter(self).fillRect(area.left(), 0, area.width(), bar, self._theme.color(self._look.tone))


class GivenCard(Card):
    """What was approved and what is realised: two figures that are never added up."""

    approved_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, gap=4, margins=(16, 12, 16, 8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.approved, self.approved_note = self._figure(theme, self.tr("Approved"))
        self.realised, self.realised_note = self._figure(theme, self.tr("Realised"))
        self.setToolTip(
            self.tr("Realised is what a later complete listing of the vendor does not have any more, nothing else.")
        )
        self.show_lists = LinkButton(theme, self.tr("Show the lists"), inline=True)
        self.show_lists.clicked.connect(self.approved_wanted)
        self.body.addStretch(1)
        self.body.addWidget(self.show_lists, 0, Qt.AlignmentFlag.AlignLeft)

    def _figure(self, theme: Theme, title: str) -> tuple[PlainLabel, PlainLabel]:
        amount = PlainLabel("", "strong", digits=True)
        note = PlainLabel("", "secondary", "muted", elided=True)
        row = Row(theme, gap=8)
        row.addWidget(PlainLabel(title, "body", "muted"))
        row.addStretch(1)
        row.addWidget(amount)
        self.body.addLayout(row)
        self.body.addWidget(note)
        return amount, note

    def show_lists_of(self, lists: Sequence[ReclaimList], currency: str) -> None:
        """Show the sums of all lists, each currency apart."""
        for amounts, seats, label, note in (
            ([each.approved for each in lists], sum(each.open_seats for each in lists), *self._approved()),
            ([each.realised for each in lists], sum(each.realised_seats for each in lists), *self._realised()),
        ):
            sums = [money for money in sum_given(amounts) if money.minor or money.currency == currency]
            label.set_text(" · ".join(money_text(money) for money in sums) or "–")  # noqa: RUF001 - a dash says: none
            note.set_text(self.tr("{0}, a month").format(seats_text(seats)) if seats else self.tr("no seats yet"))

    def set_compact(self, *, is_compact: bool) -> None:
        """The two figures stay."""
        self.approved_note.setHidden(is_compact)
        self.realised_note.setHidden(is_compact)

    def _approved(self) -> tuple[PlainLabel, PlainLabel]:
        return self.approved, self.approved_note

    def _realised(self) -> tuple[PlainLabel, PlainLabel]:
        return self.realised, self.realised_note


class LaneCards(QWidget):
    """The three lanes and what became of them, side by side."""

    lane_wanted = Signal(str)
    lists_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        looks = {
            Lane.READY: (
                self.tr("Ready"),
                LaneLook("ok", "ok", self.tr("Nobody uses these, and we know it: they can be approved.")),
            ),
            Lane.REVIEW: (
                self.tr("Needs review"),
                LaneLook("warning", "warn", self.tr("Something does not fit: look before you approve.")),
            ),
            Lane.PROTECTED: (
                self.tr("Protected"),
                LaneLook("shield", "muted", self.tr("Exempt, or protected in the settings: left alone.")),
            ),
        }
        self.cards = {lane: LaneCard(theme, title, look) for lane, (title, look) in looks.items()}
        self.given = GivenCard(theme)
        row = Row(theme, gap=12)
        for lane, card in self.cards.items():
            card.wanted.connect(lambda lane=lane: self.lane_wanted.emit(lane.value))
            row.addWidget(card, 1)
        row.addWidget(self.given, 1)
        self.given.approved_wanted.connect(self.lists_wanted)
        self.setLayout(row)

    def set_compact(self, *, is_compact: bool) -> None:
        """Show the sums only, or what is in them too."""
        for card in self.cards.values():
            card.set_compact(is_compact=is_compact)
        self.given.set_compact(is_compact=is_compact)

    def show_figures(self, findings: Findings, lists: Sequence[ReclaimList]) -> None:
        """Fill the cards."""
        for lane, card in self.cards.items():
            card.show_figure(findings.lane(lane), findings.of_lane(lane))
        self.given.show_lists_of(lists, findings.currency)
