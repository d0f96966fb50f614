"""The support bundle: which files, what stands in each, and where it is written. Nothing is sent anywhere."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from saasdesk.clock import now
from saasdesk.support import BundleFile
from saasdesk.ui.tables.lines import TICK_WIDTH, Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.save_dialog import ask_where_to_save

# More than anybody reads; the whole file is written.
_SHOWN_CHARACTERS = 200_000


class _Ticks:
    """Which files go into the bundle."""

    def __init__(self) -> None:
        self.left_out: set[str] = set()

    def state(self, line: Line) -> Qt.CheckState | None:
        """Whether this file is taken."""
        return Qt.CheckState.Unchecked if line.key in self.left_out else Qt.CheckState.Checked

    def toggle(self, line: Line) -> None:
        """Take it, or leave it out."""
        self.left_out ^= {str(line.key)}


class BundleDialog(FormDialog):
    """Shows the files when they are collected; `save_wanted` says where those that are ticked are written."""

    save_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", "", width=880, icon="save", parent=parent)
        title = self.tr("Support bundle")
        self.setWindowTitle(title)
        self.heading.set_text(title)
        self.keep.setText(self.tr("SAVE…"))
        self.cancel.setText(self.tr("Close"))
        self._files: dict[str, BundleFile] = {}
        self._ticks = _Ticks()
        self.table = LineTable(
            theme,
            self.tr("Files"),
            (Heading("", TICK_WIDTH), Heading(self.tr("File"))),
            ticks=self._ticks,
            compact=True,
            keeps_mark=True,
        )
        self.table.setFixedWidth(theme.px(232))
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.preview.setAccessibleName(self.tr("What stands in the file"))
        self.about = Paragraph(theme, role="secondary", tone="muted")
        note = self.tr(
            "What helps whoever looks into a problem. Keys, names and mail addresses are taken out, and the files are "
            "looked through once more before they are written. Nothing is sent: you save it and decide."
        )
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        row = Row(theme, gap=12)
        row.addWidget(self.table)
        row.addWidget(self.preview, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.about)
        self.table.current.connect(self._show_file)
        self.keep.clicked.connect(self._on_save)
        self.fit(600)
        self.set_busy(self.tr("Collecting…"))

    @property
    def chosen(self) -> list[BundleFile]:
        """The files that are ticked."""
        return [each for name, each in self._files.items() if name not in self._ticks.left_out]

    def show_files(self, files: Sequence[BundleFile]) -> None:
        """Show what was collected, each file as it will be written."""
        self._files = {each.name: each for each in files}
        self.table.show_lines([Line((Cell(""), Cell(each.name)), each.name) for each in files])
        self.set_busy("")
        self.table.setCurrentIndex(self.table.model_of_lines.index(0, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_changes(self) -> bool:
        """Nothing is entered here that could be lost."""
        return False

    def _show_file(self, name: object) -> None:
        file = self._files.get(str(name))
        if file is not None:
            self.preview.setPlainText(file.text[:_SHOWN_CHARACTERS])
            self.about.set_runs(f"{file.about}.")

    def _on_save(self) -> None:
        suggested = Path.home() / f"saasdesk-support-{now().astimezone():%Y-%m-%d}.zip"
        target = ask_where_to_save(self, self.tr("Save the support bundle"), suggested)
        if target is not None:
            self.clear_problem()
            self.set_busy(self.tr("Writing…"))
            self.save_wanted.emit(target)
