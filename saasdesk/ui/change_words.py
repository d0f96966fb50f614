"""What became of a record, in the words of the window."""

from PySide6.QtCore import QCoreApplication


def kinds_of_change() -> dict[str, str]:
    """Each kind of change by its name in the history."""
    return {
        "create": _tr("Added"),
        "update": _tr("Changed"),
        "deactivate": _tr("Deactivated"),
        "reactivate": _tr("Active again"),
        "archive": _tr("Archived"),
        "restore": _tr("Taken out of the archive"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChangeWords", text)
