"""Windows grow with the letters, and never beyond the screen."""

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from saasdesk.ui.dialogs.chooser import Chooser
from saasdesk.ui.shortcut_sheet import ShortcutSheet
from saasdesk.ui.tables.column_chooser import ColumnChooserDialog
from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_dialogs_with_large_letters_stay_within_the_screen(qtbot: QtBot, theme: Theme) -> None:
    theme.zoom = 200
    wide = FormDialog(theme, "A form", "Keep", width=760)
    wide.fit(600)
    sheet, columns = ShortcutSheet(theme, ()), ColumnChooserDialog(theme, (), ())
    words = {"title": "Who", "lead": "Who?", "search": "Search", "things": "People", "verb": "Choose", "icon": "link"}
    chooser = Chooser(theme, headings=[Heading("Name")], **words)

    dialogs: tuple[QDialog, ...] = (wide, sheet, columns, chooser)
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        dialog.show()
        room = dialog.screen().availableGeometry()
        assert dialog.width() <= room.width(), dialog.windowTitle()
        assert dialog.height() < room.height(), dialog.windowTitle()
