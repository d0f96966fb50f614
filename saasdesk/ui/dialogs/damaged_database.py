"""What is asked when the database cannot be trusted: go back to the newest good backup, or leave it as it is."""

from pathlib import Path

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question


def ask_about_damage(theme: Theme, sentence: str, backup: Path | None) -> Path | None:
    """The backup to go back to, or None to close without touching anything."""
    close = OutlinedButton(theme, "Close")
    buttons: list[PaintedButton] = [close]
    restore = None
    if backup is not None:
        restore = PrimaryButton(theme, "Restore the backup")
        buttons.append(restore)
    question = Question(theme, "The database cannot be used", sentence, buttons, icon="error", tone="error")
    chosen: list[Path] = []
    if restore is not None and backup is not None:
        restore.clicked.connect(lambda: chosen.append(backup))
    question.setModal(True)
    question.exec()
    return chosen[0] if chosen else None
