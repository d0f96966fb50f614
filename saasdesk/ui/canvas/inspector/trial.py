"""Try with a record: what the selected block would do with it, while its settings are filled in. Nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

from saasdesk.ui.canvas.inspector.around import Around, FoundRecord
from saasdesk.ui.canvas.inspector.extra import Extra
from saasdesk.ui.canvas.inspector.pick_button import PickButton
from saasdesk.ui.canvas.inspector.picker import Entry, Picker
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.blocks import FieldChange
from saasdesk.workflows.graph import Block
from saasdesk.workflows.trying import Trial

_PAUSE_MILLISECONDS = 400
_LEAST_LINES, _MOST_LINES = 2, 14


@dataclass
class Bench:
    """The record that blocks are tried on, and what tested requests answered; they stay when another is selected."""

    record: FoundRecord | None = None
    answers: dict[str, object] = field(default_factory=dict)


class WireText(QPlainTextEdit):
    """What goes over the wire, to be read and copied; as high as it needs, up to a limit."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_text(self, text: str) -> None:
        """Show this; nothing is shown where there is none."""
        self.setPlainText(visible_text(text, keep_line_breaks=True))
        self.setVisible(bool(text))
        self._dress()

    def _dress(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self._theme.font("secondary").pointSizeF())
        self.setFont(font)
        lines = min(max(self.document().blockCount(), _LEAST_LINES), _MOST_LINES)
        self.setFixedHeight(self._theme.px(18 * lines + 12))


def change_runs(change: FieldChange) -> tuple[Run, Run]:
    """A value that would be written: what it was, what it would be."""
    empty = QCoreApplication.translate("TrialExtra", "empty")
    return Run(f"{change.label}: {change.before or empty} → "), Run(str(change.after or empty), strong=True)


class TrialExtra(Extra):
    """Choose a record, and see what would be sent or written."""

    def __init__(self, theme: Theme, model: WorkflowModel, around: Around, bench: Bench) -> None:
        super().__init__(theme, model, around)
        self._bench, self._block = bench, ""
        self._settings: dict[str, object] | None = None
        self._found: dict[str, FoundRecord] = {}
        self.record = PickButton(theme, self.tr("Record to try it with"))
        self.record.clicked.connect(self.ask)
        self.problem = InlineError(theme, self.record)
        self.outcome = Paragraph(theme, role="secondary", tone="muted")
        self.request = WireText(theme, self.tr("What would be sent"))
        self.body = Column(theme, gap=6)
        self.body.addWidget(PlainLabel(self.tr("Try with a record"), "heading"))
        for widget in (self.record, self.problem, self.outcome, self.request):
            self.body.addWidget(widget)
        self.setLayout(self.body)
        self._soon = soon(self, _PAUSE_MILLISECONDS, self._try)
        self._show_record()

    def show_block(self, block: Block) -> None:
        if (block.id, block.settings) != (self._block, self._settings):
            self._block, self._settings = block.id, dict(block.settings)
            self._soon.start()

    def ask(self) -> Picker:
        """Open the list of records, with a search."""
        picker = Picker(self._theme, self.tr("Find a record"), (), self.window(), finds=False)
        picker.nothing.set_text(self.tr("Looking…"))

        def show(records: Sequence[FoundRecord]) -> None:
            self._found = {str(record.id): record for record in records}
            entries = [Entry(key, record.label, record.hint) for key, record in self._found.items()]
            picker.show_entries(entries, self.tr("There is no such record."))

        def look(text: str) -> None:
            kind = self._model.document.record_kind
            self._around.find_records(kind, text, show, picker.nothing.set_text)

        picker.searched.connect(look)
        picker.picked.connect(self._take)
        picker.open_under(self.record, 300)
        look("")
        return picker

    def _take(self, key: str) -> None:
        self._bench.record = self._found[key]
        self._show_record()
        self._try()

    def _show_record(self) -> None:
        record = self._bench.record
        self.record.show_chosen("" if record is None else record.label, self.tr("Choose a record…"))
        self.request.hide()
        self.outcome.set_runs(self.tr("It shows what would be done with it. Nothing is sent or written."))

    def _try(self) -> None:
        record = self._bench.record
        if record is not None:
            self._around.try_block(self._model.document, self._block, record.id, self._show, self._fail)

    def _fail(self, sentence: str) -> None:
        self._show(Trial(problem=sentence))

    def _show(self, trial: Trial) -> None:
        is_unfinished = any(
            each.block == self._block and each.is_error and not each.is_of_wires for each in self._model.problems
        )
        self.problem.show_error(
            self.tr("Put right what is marked above first.") if trial.problem and is_unfinished else trial.problem
        )
        self.request.show_text("\n\n".join(trial.requests))
        runs: list[Run] = []
        for change in trial.changes:
            runs += [Run("\n" if runs else ""), *change_runs(change)]
        if trial.message and not trial.problem:
            runs += [Run("\n" if runs else ""), Run(f"{trial.message[:1].upper()}{trial.message[1:]}.")]
        if trial.requests:
            runs.append(Run(("\n" if runs else "") + self.tr("Nothing was sent. It would send:")))
        if not runs and not trial.problem:
            runs.append(Run(self.tr("It would do nothing with this record.")))
        self.outcome.set_runs(*runs)
        self.outcome.setVisible(bool(runs))
