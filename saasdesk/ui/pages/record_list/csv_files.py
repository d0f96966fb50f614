"""Asking for the file that is imported."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.fields import ObjectKind

_KINDS = "CSV (*.csv *.tsv *.txt)"


def ask_for_csv(parent: QWidget, kind: ObjectKind, folder: Path) -> Path | None:
    """Ask for a CSV file with people or assets; None when nobody chose one."""
    title = _tr("Import assets") if kind is ObjectKind.ASSETS else _tr("Import people")
    everything = _tr("All files") + " (*)"
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), f"{_KINDS};;{everything}")
    return Path(chosen) if chosen else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Imports", text)
