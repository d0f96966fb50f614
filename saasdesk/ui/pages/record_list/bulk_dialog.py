"""One value for one field of many records: first what it would change, line by line, then the writing of it."""

import threading
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.fields import Field, ObjectKind
from saasdesk.jobs import Ended, Job, Message, Tell
from saasdesk.records.editing import BulkLine, BulkPlan, apply_bulk, plan_bulk
from saasdesk.records.listing import Column as ListColumn
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import RECORDS_BY_HAND
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.record_list.field_entry import Entry, entered_text, entry_for
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.lines import TICK_WIDTH, Cell, Heading, LazyLines, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph

_WIDTH, _HEIGHT, _LOWEST_TABLE = 760, 600, 280


class BulkTicks(QObject):
    """Which records of the plan are written: all that are not unticked."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.left_out: set[int] = set()

    def state(self, line: Line) -> Qt.CheckState | None:
        """Whether a record is written."""
        return Qt.CheckState.Unchecked if line.key in self.left_out else Qt.CheckState.Checked

    def toggle(self, line: Line) -> None:
        """Leave a record out, or take it in again."""
        if isinstance(line.key, int):
            self.left_out ^= {line.key}
            self.changed.emit()


class BulkDialog(FormDialog):
    """`edited` brings what was written. A plan is for the value that was entered: another value, another plan."""

    edited = Signal(object)

    def __init__(
        self,
        store: Store,
        kind: ObjectKind,
        fields: Sequence[Field],
        records: Sequence[int],
        theme: Theme,
        frame: Frame,
        bridge: Bridge,
        readers: TableReaders,
        parent: QWidget | None,
    ) -> None:
        super().__init__(theme, "", "", width=_WIDTH, parent=parent)
        self._store, self._kind, self._fields = store, kind, {field.external_id: field for field in fields}
        self._records, self._frame = tuple(records), frame
        self._reading = Reading(readers, self)
        self._texts = CellTexts()
        self._plan: BulkPlan | None = None
        self._job: Job | None = None
        title = counted(len(records), self.tr("Edit {0} record"), self.tr("Edit {0} records"))
        self.setWindowTitle(title)
        self.heading.set_text(title)
        self.ticks = BulkTicks(self)
        self._build(theme)
        self.ticks.changed.connect(self._on_ticked)
        self.field.currentIndexChanged.connect(self._on_field_chosen)
        self.keep.clicked.connect(self._on_kept)
        bridge.heard.connect(self._on_heard)
        self._on_field_chosen()
        self.fit(_HEIGHT)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def entry(self) -> Entry:
        """Where the value is entered."""
        return self._entry

    @property
    def error(self) -> str:
        """What is said to be wrong with the value."""
        return self._error.message

    def _build(self, theme: Theme) -> None:
        self.field = QComboBox()
        for name, field in self._fields.items():
            self.field.addItem(visible_text(field.label), name)
        # Nobody gives many records one value of what only one may have.
        usual = next((name for name, field in self._fields.items() if not field.unique), "")
        self.field.setCurrentIndex(max(0, self.field.findData(usual)))
        self.field.setAccessibleName(self.tr("Field"))
        grid = FormGrid(theme, label_width=96)
        grid.add_field(self.tr("Field"), self.field)
        self._entry = entry_for(next(iter(self._fields.values())))
        # Each field has a place of its own kind to be entered in.
        place = QWidget()
        self._place = Row(theme, gap=0)
        self._place.addWidget(self._entry)
        place.setLayout(self._place)
        self._error = grid.add_field(self.tr("New value"), place)
        self.about = Paragraph(theme, role="secondary", tone="muted")
        self.table = LineTable(
            theme,
            self.tr("What would change"),
            (
                Heading("", TICK_WIDTH),
                Heading(self.tr("Name"), share=3),
                Heading(self.tr("Before"), share=2),
                Heading(self.tr("After"), share=2),
            ),
            compact=True,
            ticks=self.ticks,
        )
        self.table.setMinimumHeight(theme.px(_LOWEST_TABLE))
        grid.add_whole_row(self.about)
        self.body.addLayout(grid)
        self.body.addWidget(self.table, 1)

    # The value

    @property
    def _field(self) -> Field:
        return self._fields[str(self.field.currentData())]

    def _on_field_chosen(self) -> None:
        clear_layout(self._place)
        self._entry = entry_for(self._field)
        self._entry.setAccessibleName(self.tr("New value of {0}").format(visible_text(self._field.label)))
        self._place.addWidget(self._entry)
        QWidget.setTabOrder(self.field, self._entry)
        if isinstance(self._entry, QComboBox):
            self._entry.currentTextChanged.connect(self._forget_plan)
        else:
            self._entry.textChanged.connect(self._forget_plan)
        self._forget_plan()

    def _forget_plan(self) -> None:
        """What was planned is not what is entered any more."""
        self._plan = None
        self.ticks.left_out.clear()
        self._error.clear()
        self.clear_problem()
        self.table.hide()
        self.about.set_runs(self.tr("Nothing is written before you have seen what would change."))
        self._name_the_step()

    # The plan

    def _on_kept(self) -> None:
        if self._plan is None:
            self._make_plan()
        else:
            self._write(self._plan)

    def _make_plan(self) -> None:
        store, kind, records = self._store, self._kind, self._records
        field, text = self._field.external_id, entered_text(self._entry)
        self.set_busy(self.tr("Looking what would change…"))
        self._reading.ask(
            "plan", lambda _stop: plan_bulk(store, kind, field, text, records), self._show_plan, self._show_wrong
        )

    def _show_wrong(self, sentence: str) -> None:
        self.set_busy("")
        self._error.show_error(visible_text(sentence))
        self._entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_plan(self, plan: BulkPlan) -> None:
        self.set_busy("")
        self._plan = plan
        now = datetime.now().astimezone()
        column = ListColumn(plan.field.external_id, plan.field.label, plan.field.type)

        def text(value: object) -> Cell:
            shown = self._texts.shown(column, value, now) if isinstance(value, str | int | float) else ""
            return Cell(shown or self.tr("empty"), "text" if shown else "muted")

        after = text(plan.after)

        def line_of(line: BulkLine) -> Line:
            return Line((Cell(), Cell(visible_text(line.name)), text(line.before), after), line.record)

        self.table.show_lines(LazyLines(plan.lines, lambda place: line_of(plan.lines[place])))
        self.table.setVisible(bool(plan.lines))
        same = counted(
            plan.unchanged,
            self.tr("{0} record has this value already, and stays as it is."),
            self.tr("{0} records have this value already, and stay as they are."),
        )
        self.about.set_runs(
            " ".join(
                part
                for part in (
                    self.tr("Untick what should stay as it is.") if plan.lines else "",
                    same if plan.unchanged else "",
                )
                if part
            )
        )
        self._name_the_step()
        if plan.lines:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_ticked(self) -> None:
        self.table.viewport().update()
        self._name_the_step()

    def _name_the_step(self) -> None:
        if self._plan is None:
            self.keep.setText(self.tr("Show what changes"))
            self.keep.setEnabled(True)
            return
        count = len(self._plan.lines) - len(self.ticks.left_out)
        self.keep.setText(counted(count, self.tr("Change {0} record"), self.tr("Change {0} records")))
        self.keep.setEnabled(count > 0)

    # The writing

    def _write(self, plan: BulkPlan) -> None:
        store, left_out = self._store, frozenset(self.ticks.left_out)

        def work(_tell: Tell, _stop: threading.Event) -> BulkPlan:
            return apply_bulk(store, plan, left_out)

        name = self.tr("Editing {0} of many records").format(visible_text(plan.field.label))
        self._job = self._frame.start_job(work, name, RECORDS_BY_HAND)
        if self._job is not None:
            self.set_busy(self.tr("Saving…"))

    def _on_heard(self, message: Message) -> None:
        if self._job is None or not isinstance(message, Ended) or message.job != self._job:
            return
        self._job = None
        if message.error is not None:
            self._forget_plan()
            self.show_problem(str(message.error))
        elif isinstance(message.result, BulkPlan):
            self.set_busy("")
            self.accept()
            self.edited.emit(message.result)
