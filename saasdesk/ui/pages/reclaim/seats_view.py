"""The seats that could be given back: the lanes above, every seat with its evidence below."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.licences.prices import RULE
from saasdesk.licences.reclaim import ReclaimList, list_reclaims
from saasdesk.licences.seats import Findings, Lane, SeatList, read_findings
from saasdesk.records.listing import ListQuery
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store
from saasdesk.ui.formats import days_as_chosen
from saasdesk.ui.pages.reclaim.dialogs import ApproveDialog, ExemptDialog
from saasdesk.ui.pages.reclaim.lane_cards import LaneCards
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph, Run

# Below these heights the table gets the room of what is said in the cards, and then theirs.
_LOW, _VERY_LOW = 400, 300

Read = tuple[Findings, list[ReclaimList]]


class SeatsView(QWidget):
    """A card opens its seats in the table; what is selected there can be approved or left alone."""

    lists_wanted = Signal()
    changed = Signal()
    figures_read = Signal(object)
    said = Signal(str)

    def __init__(self, store: Store, theme: Theme, readers: TableReaders, memory: Memory) -> None:
        super().__init__()
        self._store, self._theme = store, theme
        self._reading = Reading(readers, self)
        self.setObjectName("reclaim-seats")
        self.cards = LaneCards(theme)
        self.wrong = Banner(theme, "error")
        self.wrong.hide()
        self.table = RecordTable(
            SeatList(store),
            theme,
            readers,
            memory,
            "reclaim",
            nothing_yet=NothingYet(
                self.tr("No seat could be given back"),
                self.tr(
                    "Here stand unassigned, idle and expired licences, and seats of people who left, with the evidence."
                ),
            ),
            sort=(("monthly", True),),
            has_states=False,
        )
        self.approve = LinkButton(theme, self.tr("Approve…"), "approve")
        self.exempt = LinkButton(theme, self.tr("Leave alone…"), "shield")
        self.table.selection_bar.add_actions(self.approve, self.exempt)
        self.computed = Paragraph(theme, role="secondary", tone="muted")
        self.computed.setAccessibleName(self.tr("How computed"))
        self.computed.hide()
        top = Column(theme, gap=8, margins=(24, 12, 24, 0))
        top.addWidget(self.wrong)
        top.addWidget(self.cards)
        foot = Column(theme, gap=0, margins=(24, 8))
        foot.addWidget(self.computed)
        column = Column(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.setLayout(column)
        self._connect()

    def refresh(self) -> None:
        """Read figures and seats again."""
        store = self._store

        def work(stop: threading.Event) -> Read:
            return read_findings(store, stop), list_reclaims(store)

        self._reading.ask("figures", work, self._show, self._on_failed)
        self.table.refresh()

    def narrow(self, field: str, value: str) -> None:
        """Show the seats behind a number: of one lane, or of one application."""
        self._show_those(Rule(field=field, operator=Operator.EQUALS, value=value))

    def narrow_to_potential(self) -> None:
        """Show the seats behind the potential: what is ready and what needs a look."""
        self._show_those(Rule(field="lane", operator=Operator.IN, value=(Lane.READY.value, Lane.REVIEW.value)))

    def ask_to_approve(self) -> None:
        """Open the form that keeps the selected seats as a list."""
        self._open(ApproveDialog(self._theme, self._chosen(), self))

    def ask_to_exempt(self) -> None:
        """Open the form that leaves the selected seats alone."""
        self._open(ExemptDialog(self._theme, self._chosen(), self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._is_low = self.height() < self._theme.px(_LOW)
        self.cards.set_compact(is_compact=self._is_low)
        self.cards.setHidden(self.height() < self._theme.px(_VERY_LOW))
        self.computed.setHidden(self._is_low or not self.computed.text())

    def _connect(self) -> None:
        self._theme.changed.connect(self._fit)
        self.cards.lane_wanted.connect(partial(self.narrow, "lane"))
        self.cards.lists_wanted.connect(self.lists_wanted)
        self.approve.clicked.connect(self.ask_to_approve)
        self.exempt.clicked.connect(self.ask_to_exempt)
        self.table.said.connect(self.said)
        self.table.row_menu_shown.connect(self._on_row_menu_shown)
        self.table.current_changed.connect(self._explain)
        self.table.counted.connect(lambda *_: self._explain(self.table.current_id()))

    def _show_those(self, rule: Rule) -> None:
        self.table.show_query(ListQuery(rule=rule, sort=self.table.query.sort))
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> Sequence[int]:
        current = self.table.current_id()
        return list(self.table.selected_ids()) or ([] if current is None else [current])

    def _show(self, read: Read) -> None:
        findings, lists = read
        self.wrong.hide()
        self.cards.show_figures(findings, lists)
        self.figures_read.emit(findings)

    def _on_failed(self, reason: str) -> None:
        self.wrong.say("error", self.tr("The figures could not be read."), reason)
        self.wrong.show()

    def _explain(self, seat: int | None) -> None:
        """Say how the amount of the seat that the keyboard is on was computed."""
        if seat is None:
            self._reading.forget("computed")
            self._forget_computed()
            return
        source = self.table.source
        keys = ("holder", "product", "saas_application", "why", "computed", "kept_because")
        self._reading.ask(
            "computed", lambda stop: source.rows([seat], keys, stop).get(seat), self._show_computed, self._on_failed
        )

    def _show_computed(self, row: Sequence[object] | None) -> None:
        if row is None:
            self._forget_computed()
            return
        holder, product, application, why, computed, kept = (str(value or "") for value in row)
        seat = " · ".join(part for part in (product or application, holder) if part)
        because = f" {kept}." if kept else ""
        sentences = days_as_chosen(f"{why}.{because} {computed}. {RULE}")
        self.computed.set_runs(Run(f"{seat}: ", strong=True), sentences)

        self._fit()

    def _forget_computed(self) -> None:
        self.computed.set_runs()
        self._fit()

    def _on_row_menu_shown(self, menu: QMenu) -> None:
        menu.addSeparator()
        menu.addAction(self.tr("Approve…")).triggered.connect(self.ask_to_approve)
        menu.addAction(self.tr("Leave alone…")).triggered.connect(self.ask_to_exempt)

    def _open(self, dialog: KeepingDialog) -> None:
        dialog.keep.clicked.connect(partial(self._write, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _write(self, dialog: KeepingDialog) -> None:
        def kept(answer: object) -> None:
            dialog.accept()
            self.table.clear_selection()
            self.said.emit(self._told(dialog, answer))
            self.changed.emit()

        if dialog.check():
            keep: Callable[[], object] = dialog.keeper(self._store)
            dialog.set_busy(self.tr("Saving…"))
            self._reading.ask("write", lambda _stop: keep(), kept, dialog.show_problem)

    def _told(self, dialog: KeepingDialog, answer: object) -> str:
        match dialog, answer:
            case ApproveDialog(), (int(), int(seats)):
                return self.tr("Approved: {0}").format(seats)
            case _:
                return self.tr("The seats are left alone from now on.")
