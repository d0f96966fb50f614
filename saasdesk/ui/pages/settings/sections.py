"""The sections of the settings page: each shows facts, and says what the admin wants."""

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from saasdesk.credentials.keyrings import KeyringState
from saasdesk.ui.dialogs.connect_vendor.text_table import Boxed, Heading, Text, TextTable
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.pages.settings.storage_facts import BackupFile, StorageFacts
from saasdesk.ui.tables.times import exact_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.status_word import StatusWord, status

_SHOWN_BACKUPS = 8


class StorageSection(Section):
    """The folder, the database, the backups."""

    backup_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _tr("Storage"), _tr("Everything lies in one folder on this computer."))
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
        self._size = PlainLabel("", digits=True)
        grid = section_grid(theme)
        grid.add_value(self.tr("Profile folder"), folder)
        grid.add_value(self.tr("Database"), self._size)
        self.keep_raw = QCheckBox(self.tr("Keep what vendors answered"))
        self.fields.add(
            grid,
            "keep_raw",
            self.tr("Raw records"),
            self.keep_raw,
            self.tr("Without them a changed mapping counts from the next run on."),
        )
        self.backups = TextTable(
            theme,
            self.tr("Backups"),
            [Heading(self.tr("Backup of"), 200), Heading(self.tr("Made")), Heading(self.tr("Size"), 120)],
        )
        self._backups_box = Boxed(theme, self.backups)
        self._more = PlainLabel("", "secondary", "muted")
        self.backup_button = OutlinedButton(theme, self.tr("Back up now"), icon="save")
        self.restore_button = OutlinedButton(theme, self.tr("Restore a backup…"), icon="restore")
        self._progress = ProgressBar(theme, self.tr("Backing up"), 72)
        self._progress.set_share(None)
        self._progress.hide()
        buttons = Row(theme, gap=8)
        for widget in (self.backup_button, self.restore_button, self._progress):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self.body.addLayout(grid)
        self.body.addWidget(self._backups_box)
        self.body.addWidget(self._more)
        self.body.addLayout(buttons)
        self.finish()
        self.backup_button.clicked.connect(self.backup_wanted)
        self.restore_button.clicked.connect(self.restore_wanted)

    def show_facts(self, facts: StorageFacts) -> None:
        """Show what was found."""
        self.folder.setText(str(facts.folder))
        self.folder.setCursorPosition(0)
        self._size.set_text(_size(facts.database_size))
        shown = facts.backups[:_SHOWN_BACKUPS]
        self.backups.show_rows([_backup_row(backup) for backup in shown])
        self._backups_box.setVisible(bool(shown))
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
        self._progress.setVisible(is_busy)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(self.folder.text())


class KeyringSection(Section):
    """Where keys lie, and whether it can be reached."""

    look_wanted = Signal()
    unlock_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, _tr("Keyring"), _tr("Keys and passwords lie in the keyring of this system, and nowhere else.")
        )
        self.state = StatusWord(theme, status("not_checked"))
        self._name = PlainLabel("", elided=True)
        self._text = Paragraph(theme, role="secondary", tone="muted")
        self.look = OutlinedButton(theme, self.tr("Look again"), icon="retry")
        self.unlock = OutlinedButton(theme, self.tr("Unlock…"), icon="unlock")
        head = Row(theme, gap=12)
        head.addWidget(self.state)
        head.addWidget(self._name, 1)
        head.addWidget(self.unlock)
        head.addWidget(self.look)
        self.unlock.hide()
        self.body.addLayout(head)
        self.body.addWidget(self._text)
        self.finish()
        self.look.clicked.connect(self.look_wanted)
        self.unlock.clicked.connect(self.unlock_wanted)

    def show_looking(self) -> None:
        """The answer is on its way; a keyring can take half a minute."""
        self.state.set_status(status("waiting", self.tr("Asking the keyring…")))
        self.look.setEnabled(False)
        self.unlock.setEnabled(False)

    def show_state(self, state: KeyringState) -> None:
        """Show what was found."""
        word = status("yes", self.tr("Ready")) if state.is_usable else status("no", self.tr("Not usable"))
        self.state.set_status(word)
        self._name.set_text(state.name)
        self._text.set_runs(state.text)
        self._text.setVisible(bool(state.text))
        self.look.setEnabled(True)
        self.unlock.setEnabled(True)
        # Without a name there is nothing that could be unlocked.
        self.unlock.setVisible(not state.is_usable and bool(state.name))


def _backup_row(backup: BackupFile) -> tuple[Text, ...]:
    occasions = {
        "daily": _tr("Every day"),
        "before-migration": _tr("Before an update"),
        "before-restore": _tr("Before a restore"),
        "before-plan": _tr("Before an approved plan"),
        "by-hand": _tr("By hand"),
    }
    return (
        Text(exact_time(backup.made_at.astimezone()), role="name"),
        Text(occasions.get(backup.occasion, backup.path.name), "muted"),
        Text(_size(backup.size), "muted"),
    )


def _size(amount: int) -> str:
    return QLocale().formattedDataSize(amount, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
