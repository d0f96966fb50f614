"""Where the data lies, how much there is of it, its backups, and the way back to one."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from saasdesk.store.health import Finding, State
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.pages.settings.storage_facts import BackupFile, StorageFacts
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.tables.times import exact_time, in_words, local_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Row, at_left
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.status_word import StatusWord, status

_SHOWN_BACKUPS = 8


class StorageSection(Section):
    """The folder, its parts, the database, the backups."""

    backup_wanted = Signal()
    restore_wanted = Signal()
    # A backup of the list.
    restore_this_wanted = Signal(object)
    check_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _tr("Storage"), _tr("Everything lies in one folder on this computer."))
        self._build_facts()
        self._build_backups()
        self.finish()
        self.backup_button.clicked.connect(self.backup_wanted)
        self.restore_button.clicked.connect(self.restore_wanted)
        self.restore_this.clicked.connect(self._on_restore_this)
        self.backups.opened.connect(self.restore_this_wanted)
        self.check.clicked.connect(self.check_wanted)
        theme.changed.connect(self._fit)

    def show_facts(self, facts: StorageFacts) -> None:
        """Show what was found."""
        self.folder.setText(str(facts.folder))
        self.folder.setCursorPosition(0)
        self._parts.set_runs(" · ".join(f"{_part_name(name)} {_size(size)}" for name, size in facts.parts))
        changes = counted(facts.contents.count("change"), self.tr("{0} change"), self.tr("{0} changes"))
        since = local_time(facts.contents.changes_since)
        self._history.set_runs(
            self.tr("{0} since {1}. Nothing of it is thrown away.").format(changes, in_words(since.date()))
            if since is not None
            else self.tr("No change yet.")
        )
        shown = facts.backups[:_SHOWN_BACKUPS]
        self.backups.show_lines([_backup_line(backup) for backup in shown])
        self.backups.setVisible(bool(shown))
        if shown:
            self.backups.setCurrentIndex(self.backups.model_of_lines.index(0, 0))
        self.restore_this.setEnabled(bool(shown))
        self._fit()
        more = len(facts.backups) - len(shown)
        if not shown:
            self._more.set_text(self.tr("No backup yet; the first one comes by itself within a day."))
        elif more:
            self._more.set_text(self.tr("and {0} older ones in the folder “backups”").format(QLocale().toString(more)))
        self._more.setVisible(not shown or more > 0)

    def set_busy(self, *, is_busy: bool) -> None:
        """A backup is being made."""
        self.backup_button.setEnabled(not is_busy)
        self.restore_button.setEnabled(not is_busy)
        self.restore_this.setEnabled(not is_busy and bool(self.backups.model_of_lines.lines))
        self._progress.setVisible(is_busy)

    def show_checking(self) -> None:
        """The database is being read from end to end."""
        self.check.setEnabled(False)
        self.checked.set_status(status("running", self.tr("Reading everything…")))
        self.checked.show()
        self._found.hide()

    def show_checked(self, findings: Sequence[Finding]) -> None:
        """Say whether the database is whole, and what else is to be looked at."""
        self.check.setEnabled(True)
        odd = [each for each in findings if each.state is not State.OK]
        if any(each.state is State.PROBLEM for each in odd):
            self.checked.set_status(status("no", self.tr("Not in order")))
        elif odd:
            self.checked.set_status(status("review", self.tr("Whole, with something to look at")))
        else:
            self.checked.set_status(status("yes", self.tr("Whole, its backups and its audit log as well")))
        self._found.set_runs(
            " ".join(f"{each.subject.capitalize()}: {each.text}. {each.window_advice}" for each in odd)
        )
        self._found.setVisible(bool(odd))

    def show_check_failure(self, reason: str) -> None:
        """The check could not be made."""
        self.check.setEnabled(True)
        self.checked.hide()
        self.error.show_error(reason)

    def _build_facts(self) -> None:
        theme = self._theme
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName(self.tr("Profile folder"))
        copy = IconButton(theme, "copy", self.tr("Copy the path"), outlined=True)
        copy.clicked.connect(self._copy_folder)
        folder = QWidget()
        row = Row(theme, gap=8)
        row.addWidget(self.folder, 1)
        row.addWidget(copy)
        folder.setLayout(row)
        self._parts, self._history = Paragraph(theme), Paragraph(theme)
        self.check = OutlinedButton(theme, self.tr("Check the database now"), icon="search")
        self.checked = StatusWord(theme, status("not_checked"))
        self._found = Paragraph(theme, role="secondary", tone="muted")
        self.keep_raw = QCheckBox(self.tr("Keep what vendors answered"))
        grid = section_grid(theme)
        grid.add_value(self.tr("Profile folder"), folder)
        grid.add_value(self.tr("Size"), self._parts)
        grid.add_value(self.tr("History kept"), self._history)
        self.fields.add(
            grid,
            "keep_raw",
            self.tr("Raw records"),
            self.keep_raw,
            self.tr("Without them a changed mapping counts from the next run on."),
        )
        grid.add_value(self.tr("Database"), at_left(theme, self.check, self.checked))
        grid.add_value("", self._found)
        self.checked.hide()
        self._found.hide()
        self.body.addLayout(grid)

    def _build_backups(self) -> None:
        theme = self._theme
        self.backups = LineTable(
            theme,
            self.tr("Backups"),
            [
                Heading(self.tr("Backup of"), width=200),
                Heading(self.tr("Made")),
                Heading(self.tr("Size"), width=120, at_right=True),
            ],
            compact=True,
            keeps_mark=True,
        )
        self._more = PlainLabel("", "secondary", "muted")
        self.backup_button = OutlinedButton(theme, self.tr("Back up now"), icon="save")
        self.restore_this = OutlinedButton(theme, self.tr("Restore…"), icon="restore")
        self.restore_this.setAccessibleName(self.tr("Restore the chosen backup"))
        self.restore_button = OutlinedButton(theme, self.tr("Restore a file…"), icon="folder")
        self._progress = ProgressBar(theme, self.tr("Backing up"), 72)
        self._progress.set_share(None)
        self._progress.hide()
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(self.tr("Backups"), "section"))
        head.addWidget(self._progress)
        head.addStretch(1)
        for button in (self.backup_button, self.restore_this, self.restore_button):
            head.addWidget(button)
        self.body.addLayout(head)
        self.body.addWidget(self.backups)
        self.body.addWidget(self._more)

    def _fit(self) -> None:
        # The page around it scrolls, not the table.
        self.backups.setFixedHeight(self.backups.height_of_all())

    def _on_restore_this(self) -> None:
        self.restore_this_wanted.emit(self.backups.current_key)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(self.folder.text())


def _backup_line(backup: BackupFile) -> Line:
    occasions = {
        "daily": _tr("Every day"),
        "before-migration": _tr("Before an update"),
        "before-restore": _tr("Before a restore"),
        "before-plan": _tr("Before an approved plan"),
        "before-field": _tr("Before a field was changed"),
        "by-hand": _tr("By hand"),
    }
    cells = (
        Cell(exact_time(backup.made_at.astimezone()), role="strong"),
        Cell(occasions.get(backup.occasion, backup.path.name), "muted"),
        Cell(_size(backup.size), at_right=True),
    )
    return Line(cells, backup.path)


def _part_name(name: str) -> str:
    return {
        "database": _tr("Database"),
        "backups": _tr("Backups"),
        "exports": _tr("Exports"),
        "logs": _tr("Log"),
        "other": _tr("Other"),
    }[name]


def _size(amount: int) -> str:
    return QLocale().formattedDataSize(amount, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
