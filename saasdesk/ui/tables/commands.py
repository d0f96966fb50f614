"""What every page with a list offers among its commands."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.navigation import Command
from saasdesk.ui.tables.record_table import RecordTable


def list_commands(table: RecordTable, export: Callable[[], object]) -> tuple[Command, ...]:
    """Find in the list, export it, choose its columns."""
    return (
        Command(_tr("Find in the list"), table.focus_quick_filter, "", "search", "Edit"),
        Command(_tr("Export the list…"), export, "Ctrl+E", "export", "File"),
        Command(_tr("Choose columns…"), table.choose_columns, "", "columns", "View"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListCommands", text)
