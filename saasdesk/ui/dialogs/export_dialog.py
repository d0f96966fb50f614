"""Saves a list as CSV: which rows, which columns, for a spreadsheet or for a program, and where."""

import threading
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Jobs, Said, Tell
from saasdesk.records.listing import ListQuery
from saasdesk.reports.csv_export import Exported, ExportResult, export_records, safe_file_name
from saasdesk.reports.csv_lines import CsvStyle, preview_lines
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import ExportRequest, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.quiet_label import label_quietly
from saasdesk.ui.widgets.scroll_area import WholeScrollArea

_WIDTH = 640
_PREVIEW_LINES = 5
_PREVIEW_AFTER = 50
_LONGEST_LINE = 400
# How high the letters of the first lines are, at 100 %.
_LETTERS = 12


class Scope(Enum):
    """Which rows are saved."""

    MATCHING = "matching"
    SELECTED = "selected"
    EVERYTHING = "everything"


class ExportDialog(QDialog):
    """Shows the first lines as they will be; the saving itself is a job, with progress and Cancel."""

    exported = Signal(object)

    def __init__(
        self,
        theme: Theme,
        request: ExportRequest,
        readers: TableReaders,
        jobs: Jobs,
        bridge: Bridge,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._request = request
        self._readers = readers
        self._jobs = jobs
        self._preview_job: Job | None = None
        self._job: Job | None = None
        self._expected = request.matching
        self._question: Question | None = None
        self.result_path: Path | None = None
        self.setWindowTitle(self.tr("Export {0}").format(request.source.noun))
        self.setMinimumWidth(min(theme.px(_WIDTH), self.screen().availableGeometry().width()))
        self._preview_soon = soon(self, _PREVIEW_AFTER, self._read_preview)
        self._build(folder)
        self._connect(bridge)
        self._on_choice()

    @property
    def scope(self) -> Scope:
        """Which rows are chosen."""
        return next(scope for scope, button in self.scopes.items() if button.isChecked())

    @property
    def style_chosen(self) -> CsvStyle:
        """How the file will look."""
        return CsvStyle(
            guard=self.guard.isChecked(),
            bom=self.bom.isChecked(),
            delimiter=str(self.delimiter.currentData()),
            external_ids=self.headings.currentIndex() == 1,
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Which columns are chosen."""
        if self.visible_columns.isChecked():
            return self._request.visible_keys
        return tuple(column.key for column in self._request.columns)

    @property
    def target(self) -> Path:
        """Where the file goes."""
        return Path(self.path.text().strip()).expanduser()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        # How its texts break, and so how high they are, is known when they lie in the window.
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Show everything as far as the screen allows; with large letters the choices scroll above the buttons."""
        room, frame = self.screen().availableGeometry().size(), self._theme.px(48)
        below = self.height() - self._choices.height()
        wanted = self._choices.sizeHint() + QSize(0, below)
        self.resize(wanted.expandedTo(self.size()).boundedTo(QSize(room.width(), room.height() - frame)))

    def reject(self) -> None:
        """Stop the job if there is one; otherwise close."""
        if self._job is None:
            super().reject()
            return
        self.cancel.setEnabled(False)
        self.state.set_text(self.tr("Cancelling…"))
        self._jobs.stop(self._job)

    def _build(self, folder: Path) -> None:
        theme = self._theme
        self._add_choices()
        self.path = QLineEdit(str(folder / safe_file_name(self._request.source.noun)))
        self.browse = OutlinedButton(theme, self.tr("Browse…"), icon="folder")
        target = QWidget()
        row = Row(theme)
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        target.setLayout(row)
        target.setFocusProxy(self.path)
        self.form = FormGrid(theme, label_width=112, gap=12)
        self.form.add_field(self.tr("Rows"), self._scope_box)
        self.form.add_field(self.tr("Columns"), self._column_box)
        self.form.add_field(self.tr("Format"), self._format_box)
        self.form.add_field(self.tr("Formulas"), self._guard_box)
        self.path.setAccessibleName(self.tr("File"))
        self.path_error = self.form.add_field(self.tr("File"), target)
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.px(_LETTERS))
        self.preview.setFont(font)
        self.preview.setAccessibleName(self.tr("The first lines of the file"))
        self.preview.setFixedHeight(theme.px(120))
        self.message = Banner(theme, "info")
        self.message.hide()
        self.progress = ProgressBar(theme, self.tr("Saving"))
        self.progress.hide()
        self.state = PlainLabel("", "secondary", "muted", digits=True)
        self.open_folder = OutlinedButton(theme, self.tr("Open folder"), icon="folder")
        self.open_folder.hide()
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.save = PrimaryButton(theme, self.tr("Export"))
        self.save.setDefault(True)
        content = Column(theme, gap=16, margins=(24, 20, 24, 16))
        content.addLayout(self.form)
        content.addWidget(PlainLabel(self.tr("The first lines"), "card-title"))
        content.addWidget(self.preview)
        inside = QWidget()
        inside.setLayout(content)
        scroll = self._choices = WholeScrollArea(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        said = Column(theme, gap=12, margins=(24, 0, 24, 12))
        said.addWidget(self.message)
        said.addWidget(self.progress)
        foot = Row(theme, margins=(24, 12))
        foot.addWidget(self.state)
        foot.addStretch(1)
        for button in (self.open_folder, self.cancel, self.save):
            foot.addWidget(button)
        whole = Column(theme, gap=0)
        whole.addWidget(scroll, 1)
        whole.addLayout(said)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)

    def _add_choices(self) -> None:
        theme = self._theme
        locale = QLocale()
        matching, selected = self._request.matching, len(self._request.selected)
        self.scopes = {
            Scope.MATCHING: QRadioButton(self.tr("All {0} that match the filter").format(locale.toString(matching))),
            Scope.SELECTED: QRadioButton(self.tr("The {0} selected").format(locale.toString(selected))),
            Scope.EVERYTHING: QRadioButton(self.tr("Everything, also what is deactivated")),
        }
        self.scopes[Scope.SELECTED].setEnabled(selected > 0)
        self.scopes[Scope.MATCHING].setChecked(True)
        self._scope_box = self._upright("scope", *self.scopes.values())
        visible, known = len(self._request.visible_keys), len(self._request.columns)
        self.visible_columns = QRadioButton(self.tr("The {0} that are shown").format(visible))
        self.all_columns = QRadioButton(self.tr("All {0}").format(known))
        self.visible_columns.setChecked(True)
        self._column_box = self._upright("columns", self.visible_columns, self.all_columns)
        self.delimiter = QComboBox()
        for word, sign in (
            (self.tr("Comma"), ","),
            (self.tr("Semicolon"), ";"),
            (self.tr("Tab"), "\t"),
            (self.tr("Vertical bar"), "|"),
        ):
            self.delimiter.addItem(word, sign)
        self.headings = QComboBox()
        self.headings.addItems([self.tr("Titles as headings"), self.tr("External IDs as headings")])
        self.bom = QCheckBox(self.tr("Byte order mark, so that Excel reads every letter"))
        self.bom.setChecked(True)
        self._format_box = QWidget()
        format_column = Column(theme, gap=8)
        combos = Row(theme)
        combos.addWidget(self.delimiter)
        combos.addWidget(self.headings)
        combos.addStretch(1)
        format_column.addLayout(combos)
        format_column.addWidget(self.bom)
        self._format_box.setLayout(format_column)
        label_quietly(self.delimiter, self.tr("Values are separated by"), self._format_box)
        label_quietly(self.headings, self.tr("Headings"), self._format_box)
        self._format_box.setFocusProxy(self.delimiter)
        self.guard = QRadioButton(self.tr("For spreadsheets: no text becomes a formula"))
        self.guard.setChecked(True)
        self.no_guard = QRadioButton(self.tr("For programs: texts exactly as they are"))
        self.guard_note = Banner(theme, "info")
        self._guard_box = self._upright("guard", self.guard, self.no_guard)
        layout = self._guard_box.layout()
        if layout is not None:
            layout.addWidget(self.guard_note)

    def _upright(self, name: str, *buttons: QRadioButton) -> QWidget:
        box = QWidget()
        box.setObjectName(name)
        column = Column(self._theme, gap=2)
        group = QButtonGroup(box)
        for button in buttons:
            column.addWidget(button)
            group.addButton(button)
        box.setLayout(column)
        box.setFocusProxy(buttons[0])
        return box

    def _connect(self, bridge: Bridge) -> None:
        bridge.heard.connect(self._on_heard)
        self._readers.answered.connect(self._on_preview_read)
        for button in (*self.scopes.values(), self.visible_columns, self.guard):
            button.toggled.connect(self._on_choice)
        self.delimiter.currentIndexChanged.connect(self._on_choice)
        self.headings.currentIndexChanged.connect(self._on_choice)
        self.bom.toggled.connect(self._on_choice)
        self.browse.clicked.connect(self._on_browse)
        self.path.textChanged.connect(self.path_error.clear)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        self.open_folder.clicked.connect(self._on_open_folder)

    def _query(self) -> ListQuery:
        asked = self._request.query
        return ListQuery(sort=asked.sort, active=None) if self.scope is Scope.EVERYTHING else asked

    def _only(self) -> list[int] | None:
        return list(self._request.selected) if self.scope is Scope.SELECTED else None

    def _on_choice(self) -> None:
        if self.guard.isChecked():
            self.guard_note.say(
                "info",
                self.tr("A text that begins with = + - @ gets a ' before it"),
                self.tr(
                    "(+49 30 1234 becomes '+49 30 1234), and an import takes it away again. Numbers and dates stay."
                ),
            )
        else:
            self.guard_note.say(
                "warn",
                self.tr("Do not open this file in a spreadsheet."),
                self.tr("Anybody who can choose a name at a vendor could make it run a formula on your computer."),
            )
        self._preview_soon.start()

    def _read_preview(self) -> None:
        source, query, only = self._request.source, self._query(), self._only()
        keys, style = self.keys, self.style_chosen
        by_key = {column.key: column for column in self._request.columns}
        columns = [by_key[key] for key in keys]
        is_everything = self.scope is Scope.EVERYTHING

        def work(_tell: Tell, stop: threading.Event) -> tuple[list[str], int | None]:
            ids = source.first_ids(query, _PREVIEW_LINES, stop) if only is None else only[:_PREVIEW_LINES]
            rows = source.rows(ids, keys, stop)
            lines = preview_lines(columns, [rows[number] for number in ids if number in rows], style, _PREVIEW_LINES)
            return lines, source.count(query, stop) if is_everything else None

        if self._preview_job is not None:
            self._readers.stop(self._preview_job)
        self._preview_job = self._readers.start(work, "export-preview")

    def _on_preview_read(self, message: Said | Ended) -> None:
        if message.job != self._preview_job or not isinstance(message, Ended):
            return
        self._preview_job = None
        match message:
            case Ended(error=None, result=(list() as lines, count)):
                shown = [visible_text(line[:_LONGEST_LINE], keep_line_breaks=True) for line in lines]
                self.preview.setPlainText("\n".join(shown))
                fallback = len(self._request.selected) if self.scope is Scope.SELECTED else self._request.matching
                self._expected = count if isinstance(count, int) else fallback
            case Ended(error=BaseException() as error) if not isinstance(error, Cancelled):
                self.preview.setPlainText(str(error))
            case _:
                pass

    def _on_browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export to"),
            str(self.target),
            self.tr("CSV files (*.csv)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self.path.setText(path)

    def _on_save(self) -> None:
        problem = self._problem_with_path()
        self.path_error.show_error(problem)
        if problem:
            self.path.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.target.exists():
            self._ask_to_replace()
        else:
            self._start()

    def _problem_with_path(self) -> str:
        if not self.path.text().strip():
            return self.tr("Say where the file should go.")
        if self.target.is_dir():
            return self.tr("This is a folder. Add a file name.")
        if not self.target.is_absolute():
            return self.tr("Give the whole path, beginning with the drive or with /.")
        if not self.target.parent.is_dir():
            return self.tr("There is no folder {0}.").format(self.target.parent)
        if safe_file_name(self.target.stem, self.target.suffix) != self.target.name:
            return self.tr("Not every system accepts this name. {0} would be fine.").format(
                safe_file_name(self.target.stem, self.target.suffix)
            )
        return ""

    def _ask_to_replace(self) -> None:
        theme = self._theme
        keep, replace = OutlinedButton(theme, self.tr("Keep it")), PrimaryButton(theme, self.tr("Replace"))
        title = self.tr("Replace {0}?").format(self.target.name)
        text = self.tr("There is a file of this name in {0}. It will be gone.").format(self.target.parent)
        self._question = Question(theme, title, text, (keep, replace), parent=self)
        self._question.finished.connect(self._on_answered)
        self._question.open()

    def _on_answered(self, result: int) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.deleteLater()
        if result == QDialog.DialogCode.Accepted.value:
            self._start()

    def _start(self) -> None:
        request, query, only = self._request, self._query(), self._only()
        keys, style, target = self.keys, self.style_chosen, self.target

        def work(tell: Tell, stop: threading.Event) -> ExportResult:
            return export_records(
                request.source,
                query,
                keys,
                target,
                what=request.source.noun,
                style=style,
                tell=tell,
                stop=stop,
                only=only,
            )

        self._show_running(is_running=True)
        self.state.set_text(self.tr("Saving…"))
        name = self.tr("Export of {0}").format(request.source.noun)
        self._job = self._jobs.start(work, name, about=f"export:{target}")

    def _show_running(self, *, is_running: bool) -> None:
        for box in (self._scope_box, self._column_box, self._format_box, self._guard_box, self.path, self.browse):
            box.setEnabled(not is_running)
        self.save.setEnabled(not is_running)
        self.cancel.setEnabled(True)
        self.progress.set_share(0.0 if self._expected else None)
        self.progress.setVisible(is_running)
        self.message.hide()
        if is_running:
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_heard(self, message: Said | Ended) -> None:
        if self._job is None or message.job != self._job:
            return
        match message:
            case Said(news=Exported(rows=rows)):
                self.progress.set_share(rows / self._expected if self._expected else None)
                self.state.set_text(self.tr("{0} rows so far").format(QLocale().toString(rows)))
            case Ended(result=ExportResult() as result):
                self._on_exported(result)
            case Ended(error=Cancelled()):
                self._on_not_exported("info", self.tr("Cancelled."), self.tr("Nothing was saved."))
            case Ended(error=UserError() as error):
                self._on_not_exported("error", str(error), "")
            case Ended(error=BaseException() as error):
                reason = self.tr("Nothing was saved. This is a fault of the program: {0}.").format(type(error).__name__)
                self._on_not_exported("error", self.tr("The export failed."), reason)
            case _:
                pass

    def _on_exported(self, result: ExportResult) -> None:
        self._job = None
        self._show_running(is_running=False)
        self.result_path = result.path
        rows = QLocale().toString(result.rows)
        self.message.say("ok", self.tr("{0} rows saved.").format(rows), str(result.path))
        self.message.show()
        self._fit()
        self.state.set_text("")
        self.open_folder.show()
        self.cancel.setText(self.tr("Close"))
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.exported.emit(result)

    def _on_not_exported(self, kind: str, lead: str, text: str) -> None:
        self._job = None
        self._show_running(is_running=False)
        self.message.say(kind, lead, text)
        self.message.show()
        self._fit()
        self.state.set_text("")
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_open_folder(self) -> None:
        if self.result_path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.result_path.parent)))
