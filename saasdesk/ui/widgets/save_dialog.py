"""Asking for the file that something is saved as: one way for every export."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where_to_save(parent: QWidget, title: str, suggested: Path) -> Path | None:
    """Ask for a file; a name without an ending gets the suggested one, so that opening finds the file again."""
    dialog = QFileDialog(parent, title, str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{suggested.suffix[1:].upper()} (*{suggested.suffix})")
    dialog.setDefaultSuffix(suggested.suffix)
    dialog.selectFile(suggested.name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
