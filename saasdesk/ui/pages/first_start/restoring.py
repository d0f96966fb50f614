"""Going back to a backup: a file is chosen, looked through, and what will happen is said before anything does."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.profile import Profile
from saasdesk.store.backup import verify
from saasdesk.store.contents import Contents, contents_of
from saasdesk.store.failures import DATABASE_ERRORS
from saasdesk.ui.moments import counted
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.times import exact_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.question import Question


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was looked through and can be gone back to."""

    path: Path
    made_at: datetime
    size: int
    contents: Contents
    # What is here now; None where there is nothing that could be lost.
    present: Contents | None = None


def look_through(path: Path, profile: Profile, stop: threading.Event | None = None) -> Backup:
    """Read a backup from end to end, and count what it has and what is here; a UserError says why it is no good."""
    verify(path, stop)
    facts = path.stat()
    present = None
    # What is damaged is one reason to go back, and cannot be counted.
    with suppress(*DATABASE_ERRORS):
        present = contents_of(profile.database, stop) if profile.had_database else None
    return Backup(path, datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size, contents_of(path, stop), present)


class RestoreQuestion(QObject):
    """Asks for a file, then whether to go back to it; `restore` is called only after a yes."""

    def __init__(
        self,
        theme: Theme,
        readers: TableReaders,
        profile: Profile,
        window: QWidget,
        restore: Callable[[Path], object],
        failed: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._profile = profile
        self._window = window
        self._restore = restore
        self._failed = failed
        self._reading = Reading(readers, self)
        self.question: Question | None = None

    def choose_file(self) -> None:
        """Let the admin choose a backup; the folder of this profile's own backups is shown first."""
        folder = self._profile.backups if self._profile.backups.is_dir() else self._profile.folder
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Restore a backup"),
            str(folder),
            f"{self.tr('saasdesk backups')} (*.db);;{self.tr('All files')} (*)",
        )
        if name:
            self.consider(Path(name))

    def consider(self, path: Path) -> None:
        """Look a file through, and ask about it if it can be restored."""
        self._reading.ask("backup", lambda stop: look_through(path, self._profile, stop), self._ask, self._failed)

    def _ask(self, backup: Backup) -> None:
        keep = OutlinedButton(self._theme, self.tr("Keep what is here"))
        restore = DangerButton(self._theme, self.tr("Restore this backup"))
        restore.clicked.connect(lambda: self._restore(backup.path))
        question = Question(
            self._theme,
            self.tr("Go back to {0}?").format(exact_time(backup.made_at.astimezone())),
            in_words(backup),
            [keep, restore],
            icon="restore",
            parent=self._window,
        )
        self.question = question
        question.finished.connect(self._on_answered)
        question.open()

    def _on_answered(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None


def in_words(backup: Backup) -> str:
    """What restoring it will do."""
    size = _size(backup.size)
    return _tr(
        "{0} ({1}) was read from end to end and is whole. {2}\n\n"
        "It takes the place of everything in this profile. What is here now is backed up first and then put aside, "
        "not deleted. Backups hold no keys: where the keyring lacks one, it is entered again. Schedules wait until you "
        "resume them. The window opens anew."
    ).format(backup.path.name, size, _difference(backup))


def _difference(backup: Backup) -> str:
    """What it has, what is here, and what happened since, in numbers."""
    then, now = backup.contents, backup.present
    has = _tr("It has {0}.").format(_records(then))
    if now is None:
        return has
    lost = {table: now.count(table) - then.count(table) for table in ("sync_session", "change", "workflow")}
    said = [
        counted(lost[table], one, many)
        for table, one, many in (
            ("sync_session", _tr("{0} run"), _tr("{0} runs")),
            ("change", _tr("{0} change"), _tr("{0} changes")),
            ("workflow", _tr("{0} workflow"), _tr("{0} workflows")),
        )
        if lost[table] > 0
    ]
    since = _tr("What came since is not in it: {0}.").format(", ".join(said)) if said else ""
    return " ".join(part for part in (has, _tr("Here now: {0}.").format(_records(now)), since) if part)


def _records(contents: Contents) -> str:
    parts = (
        counted(contents.count("person"), _tr("{0} person"), _tr("{0} people")),
        counted(contents.count("saas_user"), _tr("{0} account"), _tr("{0} accounts")),
        counted(contents.count("integration"), _tr("{0} integration"), _tr("{0} integrations")),
    )
    return ", ".join(parts)


def _size(amount: int) -> str:
    return QLocale().formattedDataSize(amount, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Restoring", text)
