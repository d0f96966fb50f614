"""The button that begins everything, in a list that has nothing yet."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import PrimaryButton


def connect_buttons(theme: Theme, rows: QWidget, connect_vendor: Callable[[], object]) -> tuple[QPushButton, ...]:
    """What stands in the place of the rows: with nothing to walk through, the keyboard goes from them to it."""
    words = QCoreApplication.translate("ConnectButton", "Connect a vendor…")
    connect = PrimaryButton(theme, words, icon="integrations")
    connect.clicked.connect(connect_vendor)
    if rows.hasFocus():
        QTimer.singleShot(0, connect, connect.setFocus)
    return (connect,)
