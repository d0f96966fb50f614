"""Approved lists: what is still paid for, what is gone, and seat by seat what became of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.currencies import DECIMALS
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.licences.reclaim import ListedSeat, ReclaimList, accounts_of, list_reclaims, seats_of_list, take_back
from saasdesk.records.listing import Column, Special, Value
from saasdesk.services import Services
from saasdesk.ui.money import money_text
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.workflows.run_menu import RunWorkflow
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.kept_lines import KeptLines
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.tables.times import exact_time, local_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column as Upright

_COLUMNS = (
    Column("given", "State", FieldType.SHORT_TEXT, 152),
    Column("holder", "Held By", FieldType.SHORT_TEXT, 216),
    Column("saas_application", "SaaS Application", Special.APPLICATION, 136),
    Column("product", "Product", FieldType.SHORT_TEXT, 168),
    Column("monthly", "A Month", Special.MONEY, 88, align_right=True),
    Column("currency", "Currency", FieldType.SHORT_TEXT, 80),
    Column("finding", "Finding", FieldType.SHORT_TEXT, 136),
    Column("why", "Why", Special.SENTENCE, 280, is_secondary=True),
    Column("since", "Gone Since", FieldType.DATETIME, 152),
    Column("computed", "How Computed", Special.SENTENCE, 320, is_shown=False),
)


class ListsView(QWidget):
    """The lists above, the seats of the chosen one below."""

    changed = Signal()
    said = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._store = services.store
        self._reading = Reading(readers, self)
        self._list: ReclaimList | None = None
        self.lists = KeptLines(
            theme,
            self.tr("Approved lists"),
            (
                Heading(self.tr("List"), share=5),
                Heading(self.tr("Approved"), width=152),
                Heading(self.tr("Seats still held"), width=120, at_right=True),
                Heading(self.tr("Approved a month"), width=144, at_right=True),
                Heading(self.tr("Seats realised"), width=120, at_right=True),
                Heading(self.tr("Realised a month"), width=144, at_right=True),
            ),
            delete=self.tr("Take back"),
            can_change=False,
            empty=self.tr("None yet: select seats under “Seats” and approve them."),
        )
        self.lists.delete.setToolTip(self.tr("The seats that are still held are approved no longer."))
        self.table = RecordTable(
            ShortList(self.tr("approved seats"), _COLUMNS, dict),
            theme,
            readers,
            memory,
            "reclaim-list",
            nothing_yet=NothingYet(self.tr("No seats"), self.tr("Choose a list above.")),
            has_states=False,
        )
        self._workflows = RunWorkflow(services, frame, readers, ObjectKind.SAAS_USERS, self)
        self.run = OutlinedButton(theme, self.tr("Run workflow…"), "workflows")
        self.table.tools.addWidget(self.run)
        top = Upright(theme, gap=0, margins=(24, 12, 24, 0))
        top.addWidget(self.lists)
        column = Upright(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        # Without any list there is no table, and the line that says so stays above.
        column.addStretch()
        self.setLayout(column)
        self.run.clicked.connect(self._offer_workflows)
        self.lists.table.current.connect(self._choose)
        self.lists.delete_wanted.connect(self._take_back)
        self.table.export_wanted.connect(lambda: export(self.table.export_request()))
        self.table.said.connect(self.said)

    def refresh(self) -> None:
        """Read the lists again."""
        store = self._store
        self._reading.ask("lists", lambda _stop: list_reclaims(store), self._show, self.failed.emit)

    def _show(self, lists: list[ReclaimList]) -> None:
        self.lists.show_lines([_line(each) for each in lists])
        self.table.setVisible(bool(lists))
        self._choose(self.lists.table.current_key if lists else None)

    def _choose(self, key: object) -> None:
        self._list = key if isinstance(key, ReclaimList) else None
        self.run.setEnabled(self._list is not None and self._list.open_seats > 0)
        store, chosen = self._store, self._list

        def read() -> Records:
            return {} if chosen is None else {seat.seat: _values(seat) for seat in seats_of_list(store, chosen.id)}

        self.table.show_source(ShortList(self.tr("approved seats"), _columns(chosen), read))

    def _offer_workflows(self) -> None:
        store, chosen = self._store, self._list
        selected = list(self.table.selected_ids())
        if chosen is None:
            return
        number = chosen.id

        def work() -> list[int]:
            return accounts_of(store, selected or [seat.seat for seat in seats_of_list(store, number)])

        def offer(accounts: list[int]) -> None:
            if accounts:
                self._workflows.offer(accounts, self.run)
            else:
                self.failed.emit(self.tr("Nobody holds these seats any more, so no workflow can run on them."))

        self._reading.ask("accounts", lambda _stop: work(), offer, self.failed.emit)

    def _take_back(self, key: object) -> None:
        if isinstance(key, ReclaimList):
            work = partial(take_back, self._store, key)
            self._reading.ask("take back", lambda _stop: work(), self._on_taken_back, self.failed.emit)

    def _on_taken_back(self, seats: int) -> None:
        self.said.emit(self.tr("Approved no longer: {0}").format(seats))
        self.changed.emit()


def _columns(chosen: ReclaimList | None) -> tuple[Column, ...]:
    """The columns of a list: its amounts are in the currency in which it was approved."""
    if chosen is None:
        return _COLUMNS
    decimals = DECIMALS[chosen.currency]
    return tuple(replace(column, decimals=decimals) if column.key == "monthly" else column for column in _COLUMNS)


def _line(each: ReclaimList) -> Line:
    locale = QLocale()
    moment = local_time(each.approved_at)
    return Line(
        (
            Cell(each.name, role="strong", note=each.approved_by),
            Cell(exact_time(moment) if moment is not None else each.approved_at),
            Cell(locale.toString(each.open_seats), at_right=True),
            Cell(money_text(each.approved), at_right=True),
            Cell(locale.toString(each.realised_seats), at_right=True),
            Cell(money_text(each.realised), at_right=True),
        ),
        each,
    )


def _values(seat: ListedSeat) -> dict[str, Value]:
    monthly = seat.monthly
    return {
        "given": seat.given.value,
        "holder": seat.holder,
        "saas_application": seat.application,
        "product": seat.product,
        "monthly": None if monthly is None else float(monthly.amount),
        "currency": None if monthly is None else monthly.currency,
        "finding": seat.finding,
        "why": seat.why,
        "since": seat.since or None,
        "computed": seat.computed,
    }
